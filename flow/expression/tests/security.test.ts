import { memoryUsage } from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIMITS } from "../budget";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

const input = () => ({
  user: { name: "Ada Lovelace" },
  items: Array.from({ length: 1000 }, (_, id) => ({ id, active: id % 2 === 0 })),
});

/** The result, or the message of the error with which the expression ended. */
function outcome(code: string, json = input()): unknown {
  try {
    return { value: evaluateTemplate(`={{ ${code} }}`, testScope([json]), 0) };
  } catch (error) {
    if ((error as Error).name !== "ExpressionError") throw error;
    return { error: (error as Error).message };
  }
}

/** Whether a value is plain data: nothing of the host is reachable from it. */
function isPlain(value: unknown, depth = 0): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  if (depth > 50) return true;
  if (Array.isArray(value)) return value.every((entry) => isPlain(entry, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype && Object.values(value).every((entry) => isPlain(entry, depth + 1))) ||
    value instanceof Date ||
    "isLuxonDateTime" in value
  );
}

const PROCESS = `('return typeof process')()`;

/** Ways to the host's Function, in many spellings. */
const ESCAPES = [
  `[].constructor.constructor${PROCESS}`,
  `[]['const'+'ructor']['const'+'ructor']${PROCESS}`,
  "[][`constructor`][`constructor`]('return typeof process')()",
  "[][`con${'struct'}or`]",
  `[][['constructor']][['constructor']]${PROCESS}`,
  `[][{toString:()=>'constructor'}][{toString:()=>'constructor'}]${PROCESS}`,
  String.raw`[].con\u0073tructor.constructor${PROCESS}`,
  String.raw`[]['\x63onstructor']['\u{63}onstructor']${PROCESS}`,
  `(({constructor:c})=>c('x'))${PROCESS}`,
  `(({constructor:{constructor:c}})=>c('return typeof process')())([])`,
  `(({['const'+'ructor']:c})=>c.name)(()=>1)`,
  `(() => { const { constructor } = []; return constructor })()`,
  `(() => { let c; ({ constructor: c } = []); return c })()`,
  `(() => { for (const { constructor } of [[]]) return constructor })()`,
  `(()=>1).constructor${PROCESS}`,
  `(()=>1).call.constructor${PROCESS}`,
  `(()=>1).bind().constructor`,
  `(function(){}).constructor${PROCESS}`,
  `[1].map((x,i,a)=>a.constructor)[0]`,
  `'a'.replace('a',(m)=>m.constructor.constructor${PROCESS})`,
  `['return typeof process'].map([].sort.constructor)`,
  `['constructor'].map(k=>[][k])[0]`,
  `['constructor','constructor'].reduce((o,k)=>o[k],[])${PROCESS}`,
  `Object.getOwnPropertyNames(Object.getPrototypeOf(''))`,
  `Object.getOwnPropertyDescriptor([], 'length')`,
  `Object.getOwnPropertyDescriptors([])`,
  `Object.setPrototypeOf({}, [])`,
  `Object.defineProperty({}, 'a', {get: () => 1})`,
  `Object.create(null)`,
  `Reflect.get([], 'constructor')`,
  `new Proxy({}, {})`,
  `Symbol.iterator`,
  `[][Symbol.iterator]`,
  `''?.constructor?.constructor?.('return typeof process')?.()`,
  `({}).__proto__.polluted='y'`,
  `({})['__pro'+'to__'].polluted='y'`,
  `({__proto__:{pp:1}}).pp`,
  `({['__proto__']:{pp:1}}).pp`,
  `Object.assign({},JSON.parse('{"__proto__":{"pp":1}}')).pp`,
  `Object.fromEntries([['__proto__', {pp:1}]]).pp`,
  `({...JSON.parse('{"__proto__":{"pp":1}}')}).pp`,
  `Object.assign({}.__proto__||{}, {pp:1})`,
  `[{field:'__proto__',value:{pp:1}}].smartJoin('field','value').pp`,
  `({a:{pp:1}}).renameKeys('a','__proto__').pp`,
  `Object.groupBy([1], () => '__proto__')`,
  `(() => { const o = {}; o['__proto__'] = {pp:1}; return o.pp })()`,
  `(() => { const o = {}; o.constructor.prototype.pp = 1; return ({}).pp })()`,
  `(() => { const a = []; a.__proto__.map = 1; return 1 })()`,
  `[].__proto__.map = 1`,
  `delete [].__proto__.map`,
  `this.constructor.constructor${PROCESS}`,
  `this`,
  `globalThis`,
  `window`,
  `process`,
  `require('fs')`,
  `(function(){return typeof process})() === 'undefined' ? 0 : process`,
  `(function(){return this})()`,
  `(function(){return arguments.callee})()`,
  `(function f(){return f.caller})()`,
  "[].map.constructor`return typeof process```",
  `({get a(){return typeof process}}).a`,
  `({set a(x){}}).a`,
  `import('fs')`,
  `import.meta`,
  `new.target`,
  `new Function('return typeof process')()`,
  `Function('return typeof process')()`,
  `eval('typeof process')`,
  `(0,eval)('typeof process')`,
  `setTimeout('x')`,
  `fetch('http://x')`,
  `DateTime.constructor${PROCESS}`,
  `DateTime.now().constructor.constructor${PROCESS}`,
  `DateTime.now().zone.constructor`,
  `DateTime.now().loc`,
  `DateTime.now().c`,
  `DateTime.now()._zone`,
  `DateTime.fromISO.constructor`,
  `DateTime.prototype`,
  `Math.constructor`,
  `JSON.constructor`,
  `Date.constructor`,
  `$input.constructor`,
  `$('X').constructor`,
  `$.constructor`,
  `$json.constructor`,
  `$json.__defineGetter__('a', () => 1)`,
  `$json.__lookupGetter__('a')`,
  `$input.item.__proto__`,
  `(()=>{try{null.x}catch(e){return e.constructor.constructor${PROCESS}}})()`,
  `(()=>{try{null.x}catch(e){return e.stack.constructor}})()`,
  `new Error('x').constructor`,
  `new Map().constructor`,
  `[].keys().constructor`,
  `/a/.constructor${PROCESS}`,
  `'a'.match(/a/).constructor`,
  `'a'.match(/(?<constructor>a)/).groups.constructor`,
  `new URL('https://x').constructor`,
  `new Intl.NumberFormat().constructor`,
  `new Intl.NumberFormat().format.constructor`,
  `JSON.stringify({toJSON: 'constructor'}).constructor`,
  `JSON.parse('{"a":1}', function (k, v) { return this.constructor })`,
  `[1,2].sort((a, b) => a.constructor)`,
  `Array.from({length: 1}, (x) => x.constructor)`,
  `Array.prototype.map`,
  `String.raw.constructor`,
  `({ valueOf: () => [].constructor }) + 1`,
  "`${{ toString: () => [].constructor }}`",
  `$evaluateExpression('[].constructor.constructor')`,
  `$jmespath({}, 'constructor')`,
  `$jmespath([], '__proto__')`,
  `$jmespath({a: {}}, 'a.toString')`,
  `$jmespath([1], 'map')`,
  `$jmespath('x', 'length')`,
  `$jmespath({}, '"hasOwnProperty"')`,
  `$jmespath({}, '@.valueOf')`,
  `$jmespath([{}], '[*].toString')`,
  `$max.constructor`,
  `(x => x.constructor)($if)`,
  `async () => 1`,
  `(async () => { await 1 })()`,
  `(function* () { yield 1 })().next.constructor`,
  `class A { static x = 1 }`,
  `super.x`,
  `with (x) { y }`,
];

describe("nothing of the host is reached", () => {
  test.each(ESCAPES)("%s", (code) => {
    const json = input();
    const before = structuredClone(json);
    const result = outcome(code, json) as { value?: unknown; error?: string };
    expect(isPlain(result.value)).toBe(true);
    // What `typeof process` in the host's Function would say.
    expect(JSON.stringify(result.value) ?? "").not.toMatch(/^"?object"?$|native code/);
    expect(json).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).pp).toBeUndefined();
    expect([1].map((x) => x)).toEqual([1]);
  });

  test.each(["[].constructor", "$json['__proto__']", "(x => x.prototype)([])", "({constructor: c}) => c", "(({constructor: c}) => c)([])"])(
    "says why: %s",
    (code) => {
      const { error } = outcome(code) as { error?: string };
      if (code.endsWith("=> c")) expect(error).toMatch(/function/);
      else expect(error).toMatch(/due to security concerns/);
    },
  );
});

/** What would take all time or memory. */
const BOMBS = [
  `/^(a+)+$/.test('a'.repeat(40)+'b')`,
  `new RegExp('(a|aa)+$').test('a'.repeat(60)+'b')`,
  `'a'.repeat(50000).match(/(.*)*x/)`,
  `/^(?:(a)|a)*\\1$/.test('a'.repeat(40)+'b')`,
  `/(?=(a+)+b)/.test('a'.repeat(40))`,
  `/(x+x+)+(?!z)y/.test('x'.repeat(60))`,
  `'a'.repeat(100000).replace(/(?<=a*)b/g, '')`,
  `new RegExp('((a{100}){100}){100}').test('a')`,
  `new RegExp('(?:' + 'a?'.repeat(200) + ')' + 'a'.repeat(200)).test('a'.repeat(200))`,
  `new RegExp('('.repeat(1000) + ')'.repeat(1000)).test('a')`,
  `'x'.repeat(1000000).split(/x*?y/)`,
  `'a'.repeat(1e9).length`,
  `'ab'.repeat(-1)`,
  `'a'.repeat(Infinity)`,
  `'a'.repeat(NaN).length`,
  `'a'.padStart(1e9).length`,
  `'a'.padEnd(2**31).length`,
  `Array.from({length:30}).reduce((s)=>s+s,'x'.repeat(100)).length`,
  `Array.from({length:40}).reduce((s)=>[...s,...s],[1]).length`,
  `Array.from({length:40}).reduce((s)=>s.concat(s),[1]).length`,
  `Array.from({length:40}).reduce((s)=>({a:s,b:s}),{})`,
  "Array.from({length:40}).reduce((s)=>`${s}${s}`,'xx').length",
  `Array.from({length:1e9}).length`,
  `Array.from({length:Infinity}).length`,
  `new Array(1e9).fill(0).length`,
  `new Array(-1)`,
  `[].fill.call(1e9)`,
  `Array.from({length:900000}).join('x'.repeat(10000)).length`,
  `'a'.repeat(100000).replaceAll('a','b'.repeat(100000)).length`,
  `'a'.repeat(100000).replace(/a/g, '$&$&$&$&'.repeat(10000)).length`,
  `'ab'.repeat(100000).split('').map(x => 'ab'.repeat(100000).split('')).length`,
  `Array.from({length:1e5}).map(x=>Array.from({length:1e5}).map(y=>1).length).length`,
  `(f=>f(f))(f=>f(f))`,
  `(function f() { return f() })()`,
  `(() => { while (true) {} })()`,
  `(() => { for (;;) {} })()`,
  `(() => { do {} while (1) })()`,
  `(() => { let i = 0; for (const x of [1]) { while (true) i++ } })()`,
  `(() => { while (true) { try { (() => { throw 1 })() } catch {} } })()`,
  `(() => { try { while (true) {} } catch { return 'caught' } })()`,
  `(() => { try { while (true) {} } finally { while (true) {} } })()`,
  `(() => { const a = [1]; for (const x of a) a.push(x); return a.length })()`,
  `(() => { const a = []; while (true) a.push('x'.repeat(1000)) })()`,
  `(() => { const a = []; a[4e9] = 1; return a.length })()`,
  `(() => { const a = []; a.length = 4e9; return a.length })()`,
  `(() => { const s = new Set(); for (let i = 0; ; i++) s.add(i) })()`,
  `(() => { const m = new Map(); for (let i = 0; ; i++) m.set(i, i) })()`,
  `(() => { let o = {}; for (let i = 0; ; i++) o['k' + i] = i })()`,
  `(() => { const a = []; a.push(a); return String(a) })()`,
  `(() => { const a = {}; a.a = a; return JSON.stringify(a) })()`,
  `(() => { const a = {}; a.a = a; return a })()`,
  `(() => { const a = [[]]; a[0].push(a); return a.flat(Infinity) })()`,
  `(() => { const a = {}; a.a = a; const b = {}; b.a = b; return [a].difference([b]) })()`,
  `(() => { const o = { toString: () => String(o) }; return String(o) })()`,
  `(() => { const o = { toJSON: () => o }; return JSON.stringify(o) })()`,
  `(7n**(2n**28n)).toString().length`,
  `(() => { let x = 7n; while (true) x *= x })()`,
  `1n << 10000000000n`,
  `BigInt('9'.repeat(1000000))`,
  `(${"(".repeat(3000)}1${")".repeat(3000)})`,
  `${"[".repeat(5000)}${"]".repeat(5000)}`,
  `${"-".repeat(1)}${"!".repeat(20000)}1`,
  `${"1+".repeat(20000)}1`,
  `${"a?.".repeat(10000)}b`,
  `${"(x=>".repeat(2000)}1${")".repeat(2000)}`,
  `JSON.stringify(Array.from({length:5e5}).map(()=>'x'.repeat(9))).length`,
  `JSON.parse('['.repeat(100000) + ']'.repeat(100000))`,
  `((a)=>[a,a,a,a,a,a,a,a,a,a])(((a)=>[a,a,a,a,a,a,a,a,a,a])(((a)=>[a,a,a,a,a,a,a,a,a,a])(((a)=>[a,a,a,a,a,a,a,a,a,a])(((a)=>[a,a,a,a,a,a,a,a,a,a])(((a)=>[a,a,a,a,a,a,a,a,a,a])('xxxxxxxxxx')))))).toString().length`,
  `'x'.repeat(10000000).hash('sha512').repeat(1000000)`,
  `$jmespath({a: 'x'}, '${"[@,@][].".repeat(60)}a')`,
  `$jmespath([1], '${"[@,@][] | ".repeat(40)}@')`,
  `$jmespath({}, 'pad_left(\`1\`, \`1000000000\`)')`,
  `$jmespath('x', '${"(".repeat(900)}')`,
  `Interval.after($now, {years: 100000}).splitBy({milliseconds: 1}).length`,
  `DateTime.fromISO('2020').plus({years: 1e300}).toISO()`,
  `'a'.repeat(10000000).indexOf('b' + 'a'.repeat(5000000))`,
  `(() => { const s = 'a'.repeat(1000000); while (true) s.includes('b') })()`,
  `(() => { const a = 'a'.repeat(10000000) + 'b', b = 'a'.repeat(10000000) + 'c'; while (true) a === b })()`,
  `(() => { let i = 0; while (true) $evaluateExpression(String(i++) + ' '.repeat(40000)) })()`,
  `(() => { while (true) (1.5).format('de-DE', {style: 'currency', currency: 'EUR'}) })()`,
  `(() => { while (true) $now.setLocale('fr').toFormat('DDDD') })()`,
  `(() => { while (true) 'a'.localeCompare('b', 'de', {numeric: true}) })()`,
  `$now.toFormat('y'.repeat(1000000)).length`,
  `$evaluateExpression("$evaluateExpression('1')")`,
  `'😀'.repeat(5000000).normalize('NFKD').length`,
  `encodeURIComponent('ä'.repeat(10000000)).length`,
  `'ab'.repeat(5000).split('').sort((a, b) => { while (true) {} })`,
  `Object.entries('x'.repeat(10000000)).length`,
  `[...'x'.repeat(60000000)].length`,
  `Math.max(...Array.from({length: 500000}, (_, i) => i))`,
  `String.fromCharCode(...Array.from({length: 500000}, () => 65)).length`,
];

describe("no expression takes the machine", () => {
  const { milliseconds } = LIMITS;
  beforeAll(() => {
    LIMITS.milliseconds = 200;
  });
  afterAll(() => {
    LIMITS.milliseconds = milliseconds;
  });

  test.each(BOMBS.map((code) => [code.length > 120 ? `${code.slice(0, 120)}…` : code, code]))("%s", (_, code) => {
    const heap = memoryUsage().rss;
    const start = performance.now();
    outcome(code);
    expect(performance.now() - start).toBeLessThan(8000);
    expect(memoryUsage().rss - heap).toBeLessThan(1_000_000_000);
  });

  test("a limit is an error that says so and cannot be caught", () => {
    expect(outcome("(() => { try { while (true) {} } catch { return 'caught' } })()")).toEqual({
      error: expect.stringMatching(/too much work|longer than/),
    });
    expect(outcome("'x'.repeat(1e9)")).toEqual({ error: expect.stringContaining("too much memory") });
    expect(outcome("(f=>f(f))(f=>f(f))")).toEqual({ error: expect.stringContaining("too deeply") });
  });

  test("what one evaluation used up is there again for the next", () => {
    outcome("(() => { while (true) {} })()");
    expect(outcome("1 + 1")).toEqual({ value: 2 });
  });

  test("many errors that are caught do not use up the depth of calls", () => {
    expect(outcome("$json.items.map(i => { try { return (() => { throw i.id })() } catch (e) { return e } }).length")).toEqual({
      value: 1000,
    });
  });
});
