import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { createSandbox } from "./sandbox";

/**
 * Programs that try to get out, to hang or to eat the machine. Whatever each of them gets as an answer: none of them may reach
 * anything of the host, take longer than its time, or keep the pool from running what comes after it.
 */
const sandbox = createSandbox({ size: 2, maxOutputChars: 1_000_000 });
afterAll(() => sandbox.close());

const TIME_LIMIT_MS = 400;
const MARK = "/tmp/tolstoy-sandbox-escape";

/** Each looks for the host in its own way and returns what it found, or throws. */
const ESCAPES: Record<string, string> = {
  "function constructor": "return (function(){}).constructor('return typeof process')()",
  "async constructor": "return await (async()=>{}).constructor('return typeof process')()",
  "generator constructor": "return (function*(){}).constructor('yield typeof process')().next().value",
  "constructor of a global helper": "return console.log.constructor('return typeof process')()",
  "constructor by unicode and computed keys": "return (()=>{})['con\\u0073truct'+`or`]('return typeof process')()",
  "this of a sloppy function": "return (function(){ return typeof this.process })()",
  "indirect eval": "return (0,eval)('typeof process')",
  "call stack of the host": "Error.prepareStackTrace=(e,s)=>s; const e=new Error(); return typeof (e.stack?.[0]?.getThis?.()?.process)",
  "error thrown by the host":
    "try { setTimeout(null); JSON.parse('{'); } catch(e) { return e.constructor.constructor('return typeof process')() } return 'undefined'",
  "stack overflow in a helper":
    "const f=()=>{ try { return f() } catch(e) { return e.constructor.constructor('return typeof process')() } }; return f()",
  "closing the wrapper": "}); globalThis.x = typeof process; (async () => { return globalThis.x",
  "thrown proxy": "throw new Proxy({}, { get(){ return globalThis.process ? 'reached' : 'undefined' } })",
  "returned proxy":
    "return new Proxy({}, { get: () => typeof process, ownKeys(){ return [typeof process] }, getOwnPropertyDescriptor(){ return { value: typeof process, enumerable: true, configurable: true } } })",
  "thenable result": "return { then(r) { r(typeof process) } }",
  "dynamic import": "try { await import('fs'); return 'reached' } catch { return 'undefined' }",
  "import of std and os": "try { const os = await import('os'); return os.exec ? 'reached' : 'undefined' } catch { return 'undefined' }",
  require: "try { require('child_process'); return 'reached' } catch { return 'undefined' }",
  "process binding": "return typeof process === 'undefined' ? 'undefined' : process.binding('fs')",
  "web and Node globals":
    "return [typeof fetch, typeof XMLHttpRequest, typeof WebSocket, typeof Worker, typeof WebAssembly, typeof Deno, typeof Bun, typeof Buffer, typeof std, typeof os, typeof global, typeof module].every((t) => t === 'undefined') ? 'undefined' : 'reached'",
  "module object":
    "return [typeof __dirname, typeof exports, typeof arguments[0]].join() === 'undefined,undefined,undefined' ? 'undefined' : 'reached'",
  "prototype pollution":
    "Object.prototype.execPath = '/bin/sh'; Object.prototype.shell = true; Array.prototype.toJSON = () => 'reached'; return 'undefined'",
  "polluted promise":
    "Promise.prototype.then = function (a) { return a('reached') }; Promise.resolve = () => 'reached'; return 'undefined'",
  "own JSON": "JSON.stringify = () => '{\"reached\":1}'; JSON.parse = () => 'reached'; return 'undefined'",
  "leftover service objects":
    "return ['__data','__in','__out','__log','__guest','bootstrap'].some((n) => n in globalThis) ? 'reached' : 'undefined'",
  "WebAssembly of its own":
    "const m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); new WebAssembly.Instance(m); return 'reached'",
  "the machine's processes": "const fs = require('fs'); return fs.readFileSync('/proc/self/environ', 'utf8') ? 'reached' : 'undefined'",
  "the machine's processes by import": "const fs = await import('node:fs/promises'); await fs.readdir('/proc'); return 'reached'",
  "import of a data URL": "const m = await import('data:text/javascript,export default typeof process'); return m.default",
  "import of a file": "await import('file:///etc/passwd'); return 'reached'",
  "import in a string": "return await eval(\"import('fs').then(() => 'reached')\")",
  "import.meta": "return import.meta.url ? 'reached' : 'undefined'",
  "static import": "import fs from 'fs'; return 'reached'",
  workers: "new Worker('data:text/javascript,postMessage(1)'); return 'reached'",
  "worker threads": "const { Worker } = require('worker_threads'); new Worker('1', { eval: true }); return 'reached'",
  "shared workers and scripts":
    "return typeof SharedWorker === 'undefined' && typeof importScripts === 'undefined' ? 'undefined' : 'reached'",
  "waiting on shared memory":
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); return typeof process === 'undefined' ? 'undefined' : 'reached'",
  "compartments and realms": "return typeof ShadowRealm === 'undefined' && typeof $262 === 'undefined' ? 'undefined' : 'reached'",
  "async generator constructor": "return (await (async function*(){}).constructor('yield typeof process')().next()).value",
  "Reflect.construct": "return Reflect.construct(Function, ['return typeof process'])()",
  "the with statement": "return new Function('o', 'with (o) { return typeof process }')({})",
  "callee of the caller": "return (function f() { return typeof (f.caller && f.caller.process) })()",
  "prototype of every helper":
    "return [console, setTimeout, require, Math.random].some((v) => Object.getOwnPropertyNames(v.constructor.prototype).some((n) => /process|binding|host/i.test(n))) ? 'reached' : 'undefined'",
  "species of a promise":
    "class P extends Promise { static get [Symbol.species]() { return function (f) { f((v) => v, (e) => e); this.found = typeof process } } } return P.resolve(1).then((x) => x).found",
  "answers that it makes up": "globalThis.answer = globalThis.outgoing = () => 'reached'; return typeof fetch",
  "key that is a prototype": "const o = JSON.parse('{\"__proto__\": {\"shell\": true}}'); return ({}).shell ? 'reached' : 'undefined'",
};

/** Each ends in an error that says why, within its time. */
const GREEDY: Record<string, { code: string; says: RegExp }> = {
  "endless loop": { code: "for (;;);", says: /longer than 0\.4 s/ },
  "endless loop that catches everything": { code: "for (;;) { try { for (;;); } catch {} finally { continue } }", says: /longer than/ },
  "endless microtasks": { code: "const f = () => Promise.resolve().then(f); await f()", says: /longer than|memory/ },
  "endless microtasks that catch": {
    code: "const f = async () => { for (;;) { try { await null } catch {} } }; await f()",
    says: /longer than/,
  },
  "endless timers": { code: "await new Promise(() => { const f = () => setTimeout(f, 0); f() })", says: /longer than/ },
  "catastrophic regular expression": { code: "return /^(a+)+$/.test('a'.repeat(40) + '!')", says: /longer than/ },
  "endless builtin": { code: "return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)", says: /longer than/ },
  "endless sort": { code: "return [3, 1, 2].sort(() => { for (;;); })", says: /longer than/ },
  "endless getter while it is turned into JSON": { code: "return { get a() { for (;;); } }", says: /longer than/ },
  "endless toString of an error": { code: "throw { get message() { for (;;); } }", says: /longer than/ },
  "promise that never settles": { code: "await new Promise(() => {})", says: /never settles/ },
  "memory bomb of lists": { code: "const a = []; for (;;) a.push(new Array(100000).fill(7))", says: /memory|longer than/ },
  "memory bomb of text": { code: "let s = 'x'; for (;;) s += s", says: /memory|longer than|string/i },
  "memory bomb of buffers": { code: "const a = []; for (;;) a.push(new ArrayBuffer(10_000_000))", says: /memory|longer than/ },
  "memory bomb that catches": {
    code: "const a = []; for (;;) { try { a.push('x'.repeat(1000000) + a.length) } catch {} }",
    says: /memory|longer than/,
  },
  "memory bomb of timers": { code: "for (;;) setTimeout(() => {}, 1e6)", says: /memory|longer than/ },
  "endless recursion": { code: "const f = () => f() + 1; return f()", says: /stack overflow|memory|longer than/ },
  "deep recursion in a builtin": {
    code: "let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return JSON.stringify(a).length",
    says: /stack|memory|longer than/,
  },
  "memory bomb of numbers": { code: "return String(7n ** 10000000n).length", says: /memory|longer than|size|large/i },
  "memory bomb of maps": { code: "const m = new Map(); for (let n = 0; ; n++) m.set(n, { n })", says: /memory|longer than/ },
  "memory bomb of promises": { code: "const a = []; for (;;) a.push(new Promise(() => {}))", says: /memory|longer than/ },
  "one buffer that is too large": { code: "return new Uint8Array(4_000_000_000).length", says: /memory|length|size|invalid/i },
  "memory bomb of closures": { code: "let f = () => 1; for (;;) { const g = f; f = () => g() + 1 }", says: /memory|longer than/ },
  "memory bomb by joining": { code: "return Array(1e8).join('xxxxxxxxxx').length", says: /memory|longer than|string/i },
  "endless generator": { code: "function* f() { for (;;) yield 1 } return [...f()]", says: /memory|longer than/ },
  "endless proxy": { code: "const p = new Proxy({}, { get: (_, k, r) => r[k] }); return p.x", says: /stack|memory|longer than/ },
  "endless thenables": {
    code: "const t = { then(r) { r({ then: t.then }) } }; await t",
    says: /longer than|memory|never settles/,
  },
  "endless async recursion": { code: "const f = async () => { await f() }; await f()", says: /stack|memory|longer than/ },
  "endless finally": { code: "const f = () => { try { return f() } finally { f() } }; return f()", says: /stack|memory|longer than/ },
  "giant output": { code: "return 'x'.repeat(5_000_000)", says: /larger than 1 MB|longer than/ },
  "giant error": { code: "throw new Error('x'.repeat(50_000_000))", says: /^x{1000,5000}|memory|longer than/ },
  "giant log": {
    code: "for (let i = 0; i < 1e5; i++) console.log('x'.repeat(1e5)); throw new Error('logged')",
    says: /logged|longer than|memory/,
  },
};

const healthy = async (): Promise<void> => {
  const { value } = await sandbox.run({ language: "javascript", code: "return items[0] + 1", globals: { items: [41] } });
  expect(value).toBe(42);
};

/** The same in TypeScript, whose compiler is another way in. */
const GREEDY_TYPESCRIPT: Record<string, { code: string; says: RegExp }> = {
  "endless loop": { code: "const n: number = 1; for (;;) { n as unknown }", says: /longer than/ },
  "endless microtasks": { code: "const f = async (): Promise<void> => { for (;;) await null }; await f()", says: /longer than/ },
  "memory bomb": { code: "const a: unknown[] = []; for (;;) a.push(new Array(100000).fill(7))", says: /memory|longer than/ },
  // The compiler itself does not survive these.
  "deep types": { code: `type T = ${"[".repeat(20_000)}${"]".repeat(20_000)}; return 1`, says: /nested too deeply/ },
  "deep parentheses": { code: `return ${"(".repeat(20_000)}1${")".repeat(20_000)}`, says: /nested too deeply/ },
  "deep arrows": { code: `return ${"a=>".repeat(20_000)}1`, says: /nested too deeply/ },
  "deep templates": { code: `return ${"`${".repeat(20_000)}1${"}`".repeat(20_000)}`, says: /nested too deeply/ },
  "an enum that is endless": { code: "enum E { A = (() => { for (;;); })() as number } return E.A", says: /longer than/ },
};

const FOUND_NOTHING = [null, "undefined", { undefined: "undefined" }];

describe.each(["javascript", "typescript"] as const)("escapes find nothing in %s", (language) => {
  it.each(Object.entries(ESCAPES))("%s", async (_, code) => {
    const found = await sandbox
      .run({ language, code, globals: {}, timeoutMs: TIME_LIMIT_MS })
      .then(({ value }) => value)
      .catch((error: Error) => {
        expect(error.name).toBe("FatalError");
        expect(error.message).not.toContain("reached");
        return null;
      });
    expect(FOUND_NOTHING).toContainEqual(found);
    await healthy();
  });

  it("writes no file", () => {
    expect(existsSync(MARK)).toBe(false);
  });
});

describe.each([
  ["javascript", GREEDY],
  ["typescript", GREEDY_TYPESCRIPT],
] as const)("greed ends in %s", (language, programs) => {
  it.each(Object.entries(programs))("%s", async (_, { code, says }) => {
    const started = Date.now();
    const error = await sandbox.run({ language, code, globals: {}, timeoutMs: TIME_LIMIT_MS }).catch((caught: unknown) => caught as Error);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "FatalError", message: expect.stringMatching(says) });
    // On a busy machine starting a replacement may take its time; what counts is that nothing hangs.
    expect(Date.now() - started).toBeLessThan(TIME_LIMIT_MS + 8000);
    await healthy();
  });

  it("leaves this process as it was", () => {
    expect(Object.hasOwn(Object.prototype, "execPath")).toBe(false);
    expect(process.memoryUsage().rss).toBeLessThan(700 * 1024 * 1024);
  });
});

describe.each(["javascript", "typescript"] as const)("a job in %s leaves nothing behind", (language) => {
  const alone = createSandbox({ size: 1 });
  afterAll(() => alone.close());
  const run = async (code: string, prelude?: string) =>
    (await alone.run({ language, code, globals: { items: [41] }, timeoutMs: 1000, ...(prelude && { prelude }) })).value;

  it("whatever it changed, not even to a helper that both use", async () => {
    const prelude = "globalThis.helper = { shared: [] };";
    const taint = `globalThis.leak = 1; helper.shared.push('leak'); Array.prototype.leak = 1; Object.prototype.leak = 1;
      JSON.stringify = () => '666'; JSON.parse = () => ({ items: [666] }); Promise.prototype.then = null; Math.random = () => 666;
      Object.assign = () => 666; Reflect.apply = () => 666; console.log = null; globalThis.items = [666];
      setTimeout(() => { globalThis.late = 1 }, 0); return 1`;
    const look =
      "console.log('x'); return [typeof leak, helper.shared.length, [].leak === undefined, ({}).leak === undefined, items[0], Math.random() < 1, typeof late]";
    const [pid] = [await run("return 1", prelude), ...alone.pids()].slice(1);
    await run(taint, prelude).catch(() => null);
    expect(await run(look, prelude)).toEqual(["undefined", 0, true, true, 41, true, "undefined"]);
    expect(alone.pids()).toContain(pid);
    await run("for (;;) globalThis.leak = 1", prelude).catch(() => null);
    expect(await run(look, prelude)).toEqual(["undefined", 0, true, true, 41, true, "undefined"]);
  }, 45_000);
});

describe("a process that the guest has broken out of its engine", () => {
  it("could neither write files nor start programs", async () => {
    const { execFileSync } = await import("node:child_process");
    const { permissionArguments } = await import("./start-process");
    const attempt = (script: string): string =>
      execFileSync(process.execPath, [...permissionArguments(process.cwd()), "--input-type=module", "-e", script], {
        encoding: "utf8",
        env: {} as NodeJS.ProcessEnv,
        stdio: ["ignore", "pipe", "ignore"],
      });
    const tries = (body: string): string => attempt(`try { ${body}; console.log('reached') } catch (e) { console.log(e.code) }`).trim();
    expect(tries(`(await import('node:fs')).writeFileSync(${JSON.stringify(MARK)}, 'x')`)).toBe("ERR_ACCESS_DENIED");
    expect(tries("(await import('node:fs')).readFileSync('/etc/passwd')")).toBe("ERR_ACCESS_DENIED");
    expect(tries("(await import('node:child_process')).execSync('true')")).toBe("ERR_ACCESS_DENIED");
    expect(tries("new (await import('node:worker_threads')).Worker('1', { eval: true })")).toBe("ERR_ACCESS_DENIED");
    expect(attempt("console.log(Object.keys(process.env).length)").trim()).toBe("0");
  });
});
