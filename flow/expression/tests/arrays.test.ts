import { describe, expect, test } from "vitest";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

const evaluate = (expression: string) => evaluateTemplate(`={{ ${expression} }}`, testScope(), 0);

describe("n8n's array methods give what its documentation says", () => {
  test.each<[string, unknown]>([
    ["['forget', 'me'].append('not')", ["forget", "me", "not"]],
    ["[9, 0, 2].append(1, 0)", [9, 0, 2, 1, 0]],
    ["[12, 1, 5].average()", 6],
    [
      "[1, 2, 3, 4, 5, 6].chunk(2)",
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    ["[2, null, 1, ''].compact()", [2, 1]],
    ["[1, 2, 3].difference([2, 3])", [1]],
    ["[{a:1},{a:2}].difference([{a:2}])", [{ a: 1 }]],
    ["['quick', 'brown', 'fox'].first()", "quick"],
    ["[1, 2].intersection([2, 3])", [2]],
    ["[{a:1},{b:2}].intersection([{b:2}])", [{ b: 2 }]],
    ["[].isEmpty()", true],
    ["['quick'].isEmpty()", false],
    ["['quick'].isNotEmpty()", true],
    ["[].isNotEmpty()", false],
    ["['quick', 'brown', 'fox'].last()", "fox"],
    ["[1, 12, 5].max()", 12],
    ["[12, 1, 5].min()", 1],
    ["[{'name':'Nathan','age':42},{'name':'Jan','city':'Berlin'}].pluck('name')", ["Nathan", "Jan"]],
    ["[{'name':'Nathan','age':42},{'name':'Jan','city':'Berlin'}].pluck('age')", [42]],
    [
      "[{'name':'Nathan','age':42},{'name':'Jan','age':3}].pluck('name','age')",
      [
        ["Nathan", 42],
        ["Jan", 3],
      ],
    ],
    ["['quick', 'brown', 'fox'].includes(['quick', 'brown', 'fox'].randomItem())", true],
    ["['quick', 'brown', 'quick'].removeDuplicates()", ["quick", "brown"]],
    [
      "[{a:1,b:1},{a:1,b:2},{a:1,b:1}].removeDuplicates()",
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
      ],
    ],
    ["[{a:1,b:1},{a:1,b:2}].removeDuplicates('a')", [{ a: 1, b: 1 }]],
    ["[{a:1,b:1,c:1},{a:1,b:1,c:2}].removeDuplicates('a, b')", [{ a: 1, b: 1, c: 1 }]],
    ["[{'name':'bob'},{'name':'meg'}].renameKeys('name', 'x')", [{ x: "bob" }, { x: "meg" }]],
    ["[{'field':'age','value':2},{'field':'city','value':'Berlin'}].smartJoin('field','value')", { age: 2, city: "Berlin" }],
    ["[12, 1, 5].sum()", 18],
    ["['quick', 'brown', 'fox'].toJsonString()", '["quick","brown","fox"]'],
    ["[1, 2].union([2, 3])", [1, 2, 3]],
    ["['quick', 'brown', 'quick'].unique()", ["quick", "brown"]],
    [
      "[{a:1},{b:2}].merge([{c:3},{d:4}])",
      [
        { a: 1, c: 3 },
        { b: 2, d: 4 },
      ],
    ],
    ["[{a:1},{b:2}].merge()", { a: 1, b: 2 }],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  test.each([
    ["[1, 'a'].sum()", /sum\(\): all array elements must be numbers/],
    ["[1, 'a'].average()", /average\(\)/],
    ["['a'].max()", /max\(\)/],
    ["['a'].min()", /min\(\)/],
    ["[1].chunk(0)", /chunk\(\): expected a length above zero/],
    ["[1].difference(2)", /difference\(\): expected an array/],
    ["[1].union()", /union\(\): expected an array/],
    ["[{a:1}].renameKeys('a')", /renameKeys\(\): expected pairs/],
    ["[{a:1}].smartJoin('a')", /smartJoin\(\): expected two field names/],
  ])("%s is an error", (expression, message) => {
    expect(() => evaluate(expression)).toThrow(message);
  });
});

describe("JavaScript's array methods, as the documentation shows them", () => {
  test.each<[string, unknown]>([
    ["[5, 4].concat([100, 101], ['a', 'b'])", [5, 4, 100, 101, "a", "b"]],
    ["[12, 33, 16, 40].filter(age => (age > 18))", [33, 40]],
    ['["Nathan", "Bob", "Sebastian"].filter(function(age){return age.length < 5})', ["Bob"]],
    ["[1, 7, 3, 10, 5].filter((num, index) => {return index%2 != 0})", [7, 10]],
    ["[12, 33, 16, 40].find(age => (age > 18))", 33],
    ["['Wind', 'Water', 'Fire'].join(' + ')", "Wind + Water + Fire"],
    ["['Wind', 'Water', 'Fire'].join()", "Wind,Water,Fire"],
    ["[12, 33, 16].map(num => num*2)", [24, 66, 32]],
    ["['hello', 'old'].map(function(word){return word.toUpperCase()})", ["HELLO", "OLD"]],
    ["[12, 33, 16].reduce((result, num) => (result+num), 0)", 61],
    ["['a', 'b', 'c'].reduce(function(result, char){return result+char.toUpperCase()}, '')", "ABC"],
    ["['dog', 'bites', 'man'].reverse()", ["man", "bites", "dog"]],
    ["[1, 2, 3, 4, 5].slice(-2)", [4, 5]],
    ["['d', 'a', 'c', 'b'].sort()", ["a", "b", "c", "d"]],
    ["[4, 2, 1, 3].sort((a, b) => (a - b))", [1, 2, 3, 4]],
    ["['d', 'a', 'c', 'b'].sort((a, b) => b.localeCompare(a))", ["d", "c", "b", "a"]],
    [
      "[{name:'Zak'}, {name:'Abe'}, {name:'Bob'}].sort((a, b) => a.name.localeCompare(b.name))",
      [{ name: "Abe" }, { name: "Bob" }, { name: "Zak" }],
    ],
    ["['Jan', 'Mar'].toSpliced(1, 0, 'Feb')", ["Jan", "Feb", "Mar"]],
    ['["don\'t", "make", "me", "do", "this"].toSpliced(1, 2)', ["don't", "do", "this"]],
    ['["don\'t", "be", "evil"].toSpliced(1, 2, "eat", "slugs")', ["don't", "eat", "slugs"]],
    ["['make', 'my', 'day'].toString()", "make,my,day"],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });
});

describe("n8n's object methods give what its documentation says", () => {
  test.each<[string, unknown]>([
    ["({'x':null, 'y':2, 'z':''}).compact()", { y: 2 }],
    ["({'name':'Nathan', 'age':42}).hasField('name')", true],
    ["({'name':'Nathan', 'age':42}).hasField('Name')", false],
    ["({'name':'Nathan'}).isEmpty()", false],
    ["({}).isEmpty()", true],
    ["({'name':'Nathan'}).isNotEmpty()", true],
    ["({'name': 'Mr Nathan', 'city':'hanoi', age: 42 }).keepFieldsContaining('Nathan')", { name: "Mr Nathan" }],
    ["({'name': 'Mr Nathan', 'city':'hanoi', age: 42 }).keepFieldsContaining('nathan')", {}],
    ["({'name': 'Mr Nathan', 'city':'hanoi', age: 42 }).keepFieldsContaining('han')", { name: "Mr Nathan", city: "hanoi" }],
    ["({'name': 'Mr Nathan', age: 42 }).keys()", ["name", "age"]],
    ["({'name':'Nathan', 'city':'hanoi'}).removeField('name')", { city: "hanoi" }],
    ["({'name': 'Mr Nathan', 'city':'hanoi', age: 42}).removeFieldsContaining('Nathan')", { city: "hanoi", age: 42 }],
    ["({'name': 'Mr Nathan', 'city':'hanoi', age: 42}).removeFieldsContaining('han')", { age: 42 }],
    ["({'name':'Nathan', age:42}).toJsonString()", '{"name":"Nathan","age":42}'],
    ["({'name':'Mr Nathan', 'city':'hanoi'}).urlEncode()", "name=Mr+Nathan&city=hanoi"],
    ["({'name': 'Mr Nathan', age: 42 }).values()", ["Mr Nathan", 42]],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  test("merge keeps the first object's value of a field that both have", () => {
    expect(evaluate("({a: 1, b: 2}).merge({b: 3, c: 4})")).toEqual({ a: 1, b: 2, c: 4 });
  });

  test.each(["({a:'x'}).keepFieldsContaining('')", "({a:'x'}).removeFieldsContaining()", "({a:'x'}).merge(1)"])(
    "%s is an error",
    (expression) => {
      expect(() => evaluate(expression)).toThrow(/expected/);
    },
  );
});
