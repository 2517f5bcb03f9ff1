import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { SandboxJob } from "@/flow/node/context";
import { createSandbox } from "./sandbox";

const sandbox = createSandbox({ size: 2 });
afterAll(() => sandbox.close());

const run = (code: string, extra: Partial<SandboxJob> = {}) => sandbox.run({ language: "javascript", code, globals: {}, ...extra });
const value = async (code: string, extra: Partial<SandboxJob> = {}) => (await run(code, extra)).value;

/** A process that has ended but that nobody has collected is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("code in the sandbox", () => {
  it("gets its globals and returns JSON", async () => {
    expect(await value("return items.map((item) => item.n * factor)", { globals: { items: [{ n: 1 }, { n: 2 }], factor: 10 } })).toEqual([
      10, 20,
    ]);
    expect(await value("return { a: undefined, b: new Date(0), c: [NaN] }")).toEqual({ b: "1970-01-01T00:00:00.000Z", c: [null] });
    expect(await value("")).toBeNull();
  });

  it("may await, and use timers", async () => {
    expect(await value("await null; return await Promise.all([1, Promise.resolve(2)])")).toEqual([1, 2]);
    expect(
      await value(
        "const order = []; setTimeout(() => order.push('b'), 20); await new Promise((r) => setTimeout(r, 5)); order.push('a'); await new Promise((r) => setTimeout(r, 40)); return order",
      ),
    ).toEqual(["a", "b"]);
    expect(await value("const t = setTimeout(() => { throw 1 }, 1); clearTimeout(t); return 1")).toBe(1);
  });

  it("runs TypeScript, types and all", async () => {
    const code =
      "interface Point { x: number }\nconst move = <T extends Point>(p: T): T => ({ ...p, x: p.x + 1 });\nenum Kind { A = 5 }\nreturn move({ x: 1 } as Point).x + Kind.A;";
    expect(await value(code, { language: "typescript" })).toBe(7);
    await expect(run("const a: = 1", { language: "typescript" })).rejects.toMatchObject({ name: "FatalError" });
    await expect(run("return 1;\nconst a: number = ;", { language: "typescript" })).rejects.toThrow("[line 2]");
  });

  it("loads the prelude before the code", async () => {
    expect(await value("return double(n)", { globals: { n: 4 }, prelude: "globalThis.double = (x) => x * 2;" })).toBe(8);
  });

  it("captures what is printed, also when the code then fails", async () => {
    const { logs } = await run("console.log('a', { b: 1 }); console.warn('w'); console.error(new TypeError('e'))");
    expect(logs).toEqual([
      { level: "info", message: 'a {"b":1}' },
      { level: "warn", message: "w" },
      { level: "error", message: "TypeError: e" },
    ]);
    await expect(run("console.log('before'); throw new Error('x')")).rejects.toMatchObject({
      logs: [{ level: "info", message: "before" }],
    });
  });

  it("tells errors with kind and line, and never asks for a retry", async () => {
    await expect(run("\n\nthrow new Error('boom')")).rejects.toMatchObject({ name: "FatalError", message: "boom [line 3]" });
    await expect(run("return nothing.here")).rejects.toThrow("ReferenceError: 'nothing' is not defined [line 1]");
    await expect(run("const a = 1;\nlet b = ;")).rejects.toThrow(/SyntaxError.*\[line 2\]/);
    await expect(run("throw 'text'")).rejects.toThrow("text");
    await expect(run("throw null")).rejects.toThrow("null");
    await expect(run("const a = {}; a.a = a; return a")).rejects.toThrow("can't be turned into JSON");
    await expect(run("require('fs')")).rejects.toThrow("without modules");
  });

  it("starts every job in a fresh context", async () => {
    await run(
      "globalThis.leak = 1; Array.prototype.map = () => 'evil'; JSON.parse = () => 'evil'; Object.prototype.x = 1; console.log = null",
    );
    for (let job = 0; job < 4; job++) {
      expect(await value("return [typeof leak, [1].map((x) => x + 1), ({}).x ?? null, items]", { globals: { items: [1] } })).toEqual([
        "undefined",
        [2],
        null,
        [1],
      ]);
    }
  });

  it("starts every job with its own helpers and its own random numbers", async () => {
    const count = "globalThis.count = (globalThis.count ?? 0) + 1;";
    const random = new Set<unknown>();
    for (let job = 0; job < 6; job++) {
      const prelude = job % 2 === 0 ? count : `${count} globalThis.odd = true;`;
      expect(await value("count++; return [count, typeof odd, typeof n]", { prelude })).toEqual([
        2,
        job % 2 === 0 ? "undefined" : "boolean",
        "undefined",
      ]);
      for (const number of (await value("return [Math.random(), Math.random()]")) as number[]) {
        expect(number >= 0 && number < 1).toBe(true);
        random.add(number);
      }
    }
    expect(random.size).toBe(12);
  });

  it("runs many jobs side by side and keeps them apart", async () => {
    const jobs = Array.from({ length: 60 }, (_, index) => value("await null; return n", { globals: { n: index } }));
    expect(await Promise.all(jobs)).toEqual(Array.from({ length: 60 }, (_, index) => index));
    expect(sandbox.pids().length).toBeLessThanOrEqual(2);
  });
});

describe("the pool", () => {
  it("starts nothing before the first job and leaves nothing behind", async () => {
    const own = createSandbox({ size: 1 });
    expect(own.pids()).toEqual([]);
    await own.run({ language: "javascript", code: "", globals: {} });
    const [pid] = own.pids();
    await own.close();
    expect(() => process.kill(pid as number, 0)).toThrow();
    await expect(own.run({ language: "javascript", code: "", globals: {} })).rejects.toThrow("closed");
  });

  it.each(["for (;;);", "await new Promise(() => setTimeout(() => {}, 60000))", ""])(
    "dies with its parent, also while it runs %j",
    async (code) => {
      const script = `
      import { createSandbox } from "./server/sandbox/sandbox";
      const sandbox = createSandbox({ size: 1 });
      await sandbox.run({ language: "javascript", code: "", globals: {} });
      const job = sandbox.run({ language: "javascript", code: ${JSON.stringify(code)}, globals: {}, timeoutMs: 60000 });
      setInterval(() => {}, 1000);
      setTimeout(() => process.stdout.write(String(sandbox.pids()[0]) + "\\n"), 50);
      await job;`;
      const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const pid = Number(await new Promise((resolve) => parent.stdout.once("data", (data: Buffer) => resolve(data.toString()))));
      expect(isAlive(pid)).toBe(true);
      parent.kill("SIGKILL");
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 8000, interval: 50 });
    },
  );

  it("kills a job at once when its signal aborts, and goes on with the next", async () => {
    const own = createSandbox({ size: 1 });
    await own.run({ language: "javascript", code: "", globals: {} });
    const [pid] = own.pids();
    const controller = new AbortController();
    const started = Date.now();
    const endless = own.run({ language: "javascript", code: "for (;;);", globals: {}, timeoutMs: 60_000 }, controller.signal);
    const queued = own.run({ language: "javascript", code: "return 'next'", globals: {} });
    setImmediate(() => controller.abort());
    await expect(endless).rejects.toMatchObject({ name: "AbortError" });
    expect(Date.now() - started).toBeLessThan(5000);
    expect((await queued).value).toBe("next");
    expect(own.pids()).not.toContain(pid);
    await own.close();
  });

  it("lets a short job end when its signal aborts, and keeps the process", async () => {
    const own = createSandbox({ size: 1 });
    await own.run({ language: "javascript", code: "", globals: {} });
    const [pid] = own.pids();
    const controller = new AbortController();
    const short = own.run({ language: "javascript", code: "return 'nobody hears it'", globals: {} }, controller.signal);
    const queued = own.run({ language: "javascript", code: "return 'next'", globals: {} });
    controller.abort();
    await expect(short).rejects.toMatchObject({ name: "AbortError" });
    expect((await queued).value).toBe("next");
    expect(own.pids()).toEqual([pid]);
    await own.close();
  });

  it("says so when no process comes up, and works again once one does", async () => {
    const own = createSandbox({ size: 2 });
    const root = process.env.TOLSTOY_ROOT;
    for (const wrong of ["/nowhere", tmpdir()]) {
      process.env.TOLSTOY_ROOT = wrong;
      const jobs = [1, 2, 3].map(() => own.run({ language: "javascript", code: "", globals: {} }));
      for (const job of jobs) await expect(job).rejects.toThrow("does not start on this machine");
    }
    if (root === undefined) delete process.env.TOLSTOY_ROOT;
    else process.env.TOLSTOY_ROOT = root;
    expect((await own.run({ language: "javascript", code: "return 1", globals: {} })).value).toBe(1);
    await own.close();
  });

  it("takes and gives some megabytes", async () => {
    const items = Array.from({ length: 20_000 }, (_, n) => ({ json: { n, text: "x".repeat(200) } }));
    const { value: back } = await sandbox.run({ language: "javascript", code: "return items.map((i) => i.json.n)", globals: { items } });
    expect(back).toHaveLength(20_000);
    expect((await sandbox.run({ language: "javascript", code: "return items", globals: { items } })).value).toEqual(items);
  });

  it("replaces a process that is killed from outside, and fails only its job", async () => {
    const own = createSandbox({ size: 1 });
    await own.run({ language: "javascript", code: "", globals: {} });
    const victim = own.run({
      language: "javascript",
      code: "await new Promise((r) => setTimeout(r, 60000))",
      globals: {},
      timeoutMs: 60_000,
    });
    process.kill(own.pids()[0] as number, "SIGKILL");
    await expect(victim).rejects.toMatchObject({ name: "FatalError" });
    expect((await own.run({ language: "javascript", code: "return 1", globals: {} })).value).toBe(1);
    await own.close();
  });
});
