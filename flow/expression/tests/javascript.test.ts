import { describe, expect, test } from "vitest";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

/** Plain JavaScript must give what V8 gives. */
const DATA = {
  user: { name: "Ada Lovelace", age: 36, tags: ["x", "y"] },
  items: [
    { id: 3, n: "c", p: 1.5 },
    { id: 1, n: "a", p: 2 },
    { id: 2, n: "b", p: null },
  ],
  s: "a-b_c d",
  empty: null,
  d: "2026-01-15T10:00:00Z",
  text: "The quick brown fox, 42 times; fox@example.com & Fox2@test.org\nline two\r\nline three",
};

const V8_ERROR = Symbol("error");

function inV8(code: string): unknown {
  const run = new Function("$json", `return (${code}\n)`) as (json: unknown) => unknown;
  try {
    return run(structuredClone(DATA));
  } catch {
    return V8_ERROR;
  }
}

const ours = (code: string): unknown => evaluateTemplate(`={{ ${code} }}`, testScope([structuredClone(DATA)]), 0);

/** Same JSON and same type; an error there is undefined here. */
function sameAsV8(code: string): void {
  const expected = inV8(code);
  const actual = ours(code);
  if (expected === V8_ERROR) {
    expect(actual).toBeUndefined();
    return;
  }
  const plain = (value: unknown) =>
    value === undefined
      ? "undefined"
      : JSON.stringify(value, (_, entry) => (Object.is(entry, Number.NaN) ? "NaN" : typeof entry === "bigint" ? `${entry}n` : entry));
  expect(plain(actual)).toBe(plain(expected));
}

const EXPRESSIONS = String.raw`
$json.items.map(({id,...r})=>({id,...r})).length
$json.items.sort((a,b)=>a.id-b.id).map(x=>x.n).join('')
$json.user.tags.includes('x')&&$json.user.age>=18
$json.empty?.foo.bar.baz()
$json.empty??'dflt'
[...$json.user.tags,...['z']].reverse()
Object.entries($json.user).filter(([k,v])=>typeof v==='string').map(([k,v])=>${"`${k}=${v}`"})
$json.s.replace(/[-_ ]/g,'.').split('.')
$json.s.replace(/(\w)-(\w)/,'$2-$1')
$json.s.match(/[a-z]/g).length
'abc'.replace(/b/,m=>m.toUpperCase())
JSON.stringify({a:[1,{b:2}]},null,2)
Math.max(...$json.items.map(i=>i.id))
$json.items.find(i=>i.id===2)?.n
$json.items.reduce((m,i)=>({...m,[i.n]:i.id}),{})
(a=>b=>a+b)(1)(2)
((a,b=2,...c)=>a+b+c.length)(1,undefined,3,4)
typeof undefinedVar
1<2?'y':'n'
[3,1,2].sort().join()
[10,9,1].sort()
[3,undefined,1].sort()
[[1,[2]],3].flat(2)
new Date($json.d).getTime()
new Date('2026-01-01')-new Date('2025-01-01')
'5'*2+'1'
0.1+0.2
${"`${[1,2]}|${{}}|${null}`"}
'x' in {x:1}
[1,2,3].at(-1)
Array.from({length:3},(_, i)=>i*2)
parseInt('12px')+Number('3')
[1,2,3,4].some(x=>x>3)&&[].every(x=>x)
encodeURIComponent('a b&c')
'a,b'.split(',').map(s=>s.toUpperCase())
!!$json.items.length
$json.items[$json.items.length-1]['n']
((x)=>x&&x.y)(null)
void 0
2**10
'abc'[1]
'abc'[5]
'abc'['length']
'  t '.trim().padStart(3,'0')
(() => { let s = 0; for (const i of $json.items) s += i.id; return s })()
(() => { let s = 0; for (let i = 0; i < 10; i++) { if (i === 3) continue; if (i === 7) break; s += i } return s })()
(() => { const out = []; for (const k in $json.user) out.push(k); return out })()
(() => { let i = 0; while (true) { if (++i > 5) return i } })()
(() => { let i = 0; do { i++ } while (i < 5); return i })()
(() => { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map(f => f()) })()
(() => { const fs = []; for (const x of [1,2,3]) fs.push(() => x); return fs.map(f => f()) })()
(() => { var fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); return fs.map(f => f()) })()
(() => { outer: for (const a of [1,2,3]) { for (const b of [1,2,3]) { if (b === 2) continue outer; if (a === 3) break outer; } } return 'done' })()
(() => { try { null.x } catch (e) { return 'caught' } finally { } })()
(() => { try { throw new Error('boom') } catch (e) { return e.message } })()
(() => { try { throw { code: 7 } } catch ({ code }) { return code } })()
(() => { try { return 1 } finally { return 2 } })()
(() => { let log = ''; try { log += 'a'; throw 1 } catch { log += 'b' } finally { log += 'c' } return log })()
(() => { switch ($json.user.age) { case 1: return 'one'; case 36: return 'age'; default: return 'none' } })()
(() => { let r = ''; switch (2) { case 1: r += 1; case 2: r += 2; case 3: r += 3; break; default: r += 'd' } return r })()
(() => { const { user: { name, tags: [first, ...rest] }, missing = 'm' } = $json; return [name, first, rest, missing] })()
(() => { let a = 1, b = 2; [a, b] = [b, a]; return [a, b] })()
(() => { const o = {}; o.a = 1; o['b'] = 2; o.c ??= 3; o.a += 5; delete o.b; return o })()
(() => { const a = [1,2,3]; a.push(4); a.unshift(0); a.splice(1, 1); a.reverse(); return a })()
(() => { const a = [1,2,3]; a[5] = 1; return a.length })()
(() => { const a = [5,3,1]; const b = a.sort(); return a === b && a[0] })()
(() => { $json.items.push({ id: 9 }); return $json.items.length })()
(() => { $json.user.name = 'X'; return $json.user.name })()
(function fact(n) { return n < 2 ? 1 : n * fact(n - 1) })(5)
(() => { function f(x) { return g(x) + 1 } function g(x) { return x * 2 } return f(4) })()
(() => { let x = 1; { let x = 2 } return x })()
(() => { const c = 1; try { c = 2 } catch (e) { return e.name } })()
(() => { try { return x; let x = 1 } catch (e) { return e.name } })()
(() => { const m = new Map([['a', 1]]); m.set('b', 2); return [...m.entries(), m.size, m.get('a'), m.has('z')] })()
[...new Set([1,2,2,3])]
new Set([1,2]).has(2)
[...new Map(Object.entries({a:1,b:2})).keys()]
Object.fromEntries(new Map([['a', 1]]))
Object.assign({}, {a:1}, null, {b:2})
Object.keys('ab')
Object.values([1,2])
Object.entries(null)
Object.hasOwn({a:1}, 'a')
({a:1}).hasOwnProperty('a')
[1,2,3].indexOf(2)
[1,[2,[3]]].toString()
String([1,null,undefined,2])
String(null)
String({})
[1,2,3].fill(0, 1)
[1,2,3,4,5].copyWithin(0, 3)
[1,2,3].with(1, 9)
[3,1,2].toSorted()
[1,2,3].findLast(x => x < 3)
[1,2,3].findLastIndex(x => x > 5)
[1,2,3].reduceRight((a, b) => a + '-' + b)
[[1,2],[3]].flatMap(x => x)
[1,2,3].join(undefined)
Array.of(7).concat(8, [9, [10]])
new Array(3).fill(1)
Array(2).length
Array.isArray([])
'a-b-c'.replaceAll('-', '+')
'aXbX'.replace('X', '$&$&')
'abc'.replace(/(?<first>a)/, '[$<first>]')
'2024-01-02'.replace(/(\d+)-(\d+)-(\d+)/, '$3.$2.$1')
'abc'.split('')
'a1b2'.split(/\d/)
'a1b2'.split(/(\d)/)
'abc'.split(/(?:)/)
'a,b,c'.split(',', 2)
''.split(',')
''.split('')
'abc'.at(-1)
'abc'.charCodeAt(1)
'abc'.localeCompare('abd')
'ÄÖ'.toLowerCase()
'a\tb'.trim()
'abc'.substring(2, 0)
'abc'.substr(-2, 1)
'x'.repeat(3)
'abc'.concat(1, null)
'Hello'.search(/l/)
'aaa'.lastIndexOf('a')
'a\nb'.split('\n')
[...'a😀b'].length
'😀'.codePointAt(0)
'test'.match(/z/)
[...'a1b22'.matchAll(/\d+/g)].map(m => [m[0], m.index])
'2024'.match(/(?<y>\d{4})/).groups.y
/a/i.test('A')
/^\s*$/.test('')
new RegExp('b+', 'g').flags
(() => { const r = /a/g; const out = []; while (r.exec('aba') !== null) out.push(r.lastIndex); return out })()
$json.text.match(/[\w.]+@[\w.]+/g)
$json.text.split(/\r?\n/)
$json.text.replace(/^line/gm, 'LINE')
$json.text.match(/^.*$/gm)
$json.text.replace(/\bfox\b/gi, 'cat')
'1234567'.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
'price: $42'.match(/(?<=\$)\d+/)[0]
'aa bb ab'.match(/(\w)\1/g)
'foo.bar'.replace(/(?<!f)o/g, '0')
'camelCaseString'.replace(/([A-Z])/g, ' $1').toLowerCase()
'ab'.match(/(?:(a)|(b))+/)
'\u00a0x\u2003'.replace(/\s/g, '_')
'a.b*c'.replace(/[.*+?^{}()|[\]\\]/g, '\\$&')
'x'.replace('x', '$$')
'abc'.replace(/b/, "[$${"`"}]")
'naïve café'.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
'日本語テキスト'.match(/\p{L}+/u)[0]
'a.b'.split('.')
'%41'.length
decodeURIComponent('%41%20')
encodeURI('a b?x=1&y=ä')
isNaN('x')
isFinite('5')
parseFloat('1.5abc')
Number('')
Number(null)
Number(undefined)
Number([5])
Number('0x1f')
(12.345).toFixed(1)
(0.000001234).toString()
(255).toString(16)
(1234.5678).toPrecision(3)
1e21+''
-0
1/0
5%3
-5%3
7/2|0
1<<4
-1>>>28
~5
'b'>'a'
'10'<'9'
10<'9'
null==undefined
null==0
'1'==1
[1]==1
NaN===NaN
typeof null
typeof []
typeof (()=>1)
typeof Math.max
typeof Date
!''
+'5'
+[]
+{}
[]+[]
[]+{}
1+'1'
'3'-1
true+1
null+1
undefined+1
[1,2]+3
new Date(0)+1 === new Date(0).toString()+'1'
new Date(0) > -1
new Date(0).toISOString()
new Date(2024, 0, 31).getMonth()
new Date('x').getTime()
new Date(2020, 1).getDate()
(() => { const d = new Date(0); d.setUTCFullYear(2000); return d.toISOString() })()
Date.UTC(2024, 1, 1)
new Date($json.d).toJSON()
JSON.stringify(new Date(0))
JSON.stringify({a: undefined, b: () => 1, c: [undefined]})
JSON.stringify('x"y')
JSON.stringify([1,2], null, '--')
JSON.stringify({a:1,b:2}, ['a'])
JSON.stringify({a:1,b:2}, (k, v) => k === 'a' ? undefined : v)
JSON.stringify({a: NaN})
JSON.parse('[1,{"a":null}]')
JSON.parse('{"a":1}', (k, v) => typeof v === 'number' ? v + 1 : v)
JSON.parse('nope')
Math.round(-2.5)
Math.sign(-3)
Math.hypot(3, 4)
Math.min()
Math.trunc(-4.7)
Math.PI
['1','2','3'].map(Number)
['1','2','3'].map(parseInt)
[0,1,''].filter(Boolean)
[1,2].map(String)
[1,2,3].map(Math.sqrt).length
['a b'].map(encodeURIComponent)
Math.max.apply(null, [1,5,3])
[].concat.apply([], [[1],[2]])
((...args) => args.length)(...[1,2,3])
(({a, b: {c = 5} = {}}) => a + c)({a: 1})
(([a, , b]) => a + b)([1, 2, 3])
((a, b = a) => a + b)(2)
(x => ({ ...x, y: 1 }))({ x: 0 })
({ ['a' + 1]: 2 })
({ f() { return 3 } }).f()
({ a: 1, ...{ a: 2 } })
({ ...'ab' })
({ ...[1, 2] })
({ ...null })
[...[1], ...'ab']
(1, 2, 3)
a ?? 1
0 || 'x'
0 ?? 'x'
'' && 'x'
null?.a?.[0]?.()
({a: null}).a?.b.c.d
({f: null}).f?.()
(undefined)?.x
[1,2,3]?.[1]
delete {}.x
({}).toString()
[].toString()
(5).toString()
true.toString()
null.toString()
({}).x.y
$json.items.foo()
$json.user()
new Foo()
[] instanceof Array
({}) instanceof Object
new Date() instanceof Date
(() => { try { JSON.parse('{') } catch (e) { return [e.name, e instanceof SyntaxError, e instanceof Error, e instanceof TypeError] } })()
10n ** 3n === 1000n
5n + 2n > 6n
1n + 1
BigInt(5) * 2n === 10n
'abc'.constructor1
[3,2,1].keys().next()
[...[7,8].entries()]
(() => { let n = 5; n++; --n; n **= 2; n %= 7; return n })()
(() => { const o = {a: {b: 1}}; o.a.b++; return o })()
(() => { let x; x ||= 4; x &&= 5; return x })()
[1,2,3,4].filter((x, i, all) => all.indexOf(x) === i && i % 2).length
new URL('https://a.example:8080/p/q?x=1#h').searchParams.get('x')
new URL('https://a.example:8080/p/q?x=1#h').hostname
new URL('/z', 'https://a.example').href
new URL('nope')
new URLSearchParams({a: '1', b: 'x y'}).toString()
[...new URLSearchParams('a=1&a=2').entries()]
${"`${new URL('https://x.example/')}`"}
new Intl.NumberFormat('de-DE').format(1234.5)
'a'.padEnd(3, 'xy')
btoa('hi')
atob('aGk=')
'abc'.toLocaleUpperCase()
[1, [2, [3, [4]]]].flat(Infinity)
[,1].length
[1,,2][1]
((a) => { a = a || {}; a.x = 1; return a })()
`
  .trim()
  .split("\n");

describe("plain JavaScript gives what V8 gives", () => {
  test.each(EXPRESSIONS)("%s", (code) => sameAsV8(code));
});

test("the input is as it was, whatever an expression changes", () => {
  const data = structuredClone(DATA);
  const scope = testScope([data]);
  for (const code of EXPRESSIONS) evaluateTemplate(`={{ ${code} }}`, scope, 0);
  expect(data).toEqual(DATA);
});

describe("changes that an expression makes are its own", () => {
  const evaluate = (code: string, data = structuredClone(DATA)) => [evaluateTemplate(`={{ ${code} }}`, testScope([data]), 0), data];

  test.each<[string, unknown]>([
    ["$json.items.push(4) && $json.items.length", 4],
    ["$json.items.sort((a, b) => a.id - b.id)[0].id + $json.items[0].id", 2],
    ["$json.user.tags.reverse().concat($json.user.tags)", ["y", "x", "y", "x"]],
    ["(() => { $json.user.age++; delete $json.s; return [$json.user.age, $json.s, $input.item.json.user.age] })()", [37, undefined, 37]],
    ["Object.assign($json.user, { name: 'pwn' }).name", "pwn"],
    ["[$json.user].map(u => { u.age = 1; return u.age })", [1]],
    ["(f => f.push)($json.user.tags)('z')", 3],
  ])("%s", (code, expected) => {
    const [result, data] = evaluate(code);
    expect(result).toEqual(expected);
    expect(data).toEqual(DATA);
  });
});
