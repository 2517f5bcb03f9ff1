import { describe, expect, test } from "vitest";
import { evaluateTemplate } from "../template";
import { testScope } from "../testing";

const nodes = {
  "Load orders": { items: [{ json: { total: 12.345 } }, { json: { total: 7 } }], parameters: { operation: "getAll" } },
  If: { items: [[{ json: { yes: 1 } }], [{ json: { no: 1 } }, { json: { no: 2 } }]] },
  Loop: { items: [{ json: {} }], context: { noItemsLeft: false, currentRunIndex: 2 } },
  Later: {},
};
const scope = testScope(
  [
    { customer: "ada", n: 1 },
    { customer: "grace", n: 2 },
  ],
  nodes,
  {
    runIndex: 3,
    previousNode: { name: "Load orders", outputIndex: 1, runIndex: 2 },
    parameters: { url: "=https://example.com/{{ $json.customer }}", limit: 5, nested: { list: ["={{ $json.n }}"] } },
    variables: { region: "eu" },
    vars: { apiHost: "api.example.com" },
    env: { PUBLIC_URL: "https://tolstoy.example" },
    trigger: { body: { id: 7 } },
    extra: { $response: { body: { next: 2 } } },
  },
);
const evaluate = (expression: string, itemIndex = 0) => evaluateTemplate(`={{ ${expression} }}`, scope, itemIndex);

describe("variables of the current item and node", () => {
  test.each<[string, unknown]>([
    ["$json.customer", "ada"],
    ["$json['customer']", "ada"],
    ["$input.item.json.customer", "ada"],
    ["$input.first().json.customer", "ada"],
    ["$input.last().json.customer", "grace"],
    ["$input.all().map(i => i.json.n)", [1, 2]],
    ["$input.all().length", 2],
    ["$input.params.operation", "getAll"],
    ["$itemIndex", 0],
    ["$runIndex", 3],
    ["$prevNode.name", "Load orders"],
    ["$prevNode.outputIndex", 1],
    ["$prevNode.runIndex", 2],
    ["$parameter.limit", 5],
    ["$parameter.url", "https://example.com/ada"],
    ["$parameter['nested'].list[0]", 1],
    ["Object.keys($parameter.nested)", ["list"]],
    ["$nodeVersion", undefined],
    ["$workflow.id", "flow_1"],
    ["$workflow.name", "My flow"],
    ["$workflow.active", true],
    ["$execution.id", "exec_1"],
    ["$execution.mode", "test"],
    ["$execution.resumeUrl", "https://example.com/resume/1"],
    ["$execution.resumeFormUrl", "https://example.com/resume/1"],
    ["$execution.customData.get('customer')", "Ada"],
    ["$execution.customData.get('toString')", undefined],
    ["$execution.customData.getAll()", { customer: "Ada" }],
    ["Object.keys($execution)", ["id", "mode", "resumeUrl", "resumeFormUrl"]],
    ["$mode", "manual"],
    ["$vars.apiHost", "api.example.com"],
    ["$env.PUBLIC_URL", "https://tolstoy.example"],
    ["$env.DATABASE_URL", undefined],
    ["variables.region", "eu"],
    ["trigger.body.id", 7],
    ["$response.body.next", 2],
    ["$evaluateExpression('$json.n + 1')", 2],
    ["$item(1).$json.customer", "grace"],
    ["$item(1).$node['Load orders'].json.total", 7],
    ["$item(1).$('Load orders').item.json.total", 7],
    ["$json", { customer: "ada", n: 1 }],
    ["$input.item", { json: { customer: "ada", n: 1 } }],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  test("each item is its own", () => {
    expect(evaluate("$json.customer + $itemIndex", 1)).toBe("grace1");
  });
});

describe("other nodes", () => {
  test.each<[string, unknown]>([
    ["$('Load orders').item.json.total", 12.345],
    ["$('Load orders').first().json.total", 12.345],
    ["$('Load orders').last().json.total", 7],
    ["$('Load orders').all().length", 2],
    ["$('Load orders').all().map(i => i.json.total)", [12.345, 7]],
    ["$('Load orders').itemMatching(1).json.total", 7],
    ["$('Load orders').pairedItem().json.total", 12.345],
    ["$('Load orders').params.operation", "getAll"],
    ["$('Load orders').isExecuted", true],
    ["$('Later').isExecuted", false],
    ["$('Loop').context.noItemsLeft", false],
    ["$('If').first(1).json.no", 1],
    ["$('If').last(1).json.no", 2],
    ["$('If').all(1).length", 2],
    ["$('If').all(5)", []],
    ["$node['Load orders'].json.total", 12.345],
    ["$node.Loop.json", {}],
    ["$node['Load orders'].parameter.operation", "getAll"],
    ["$items('Load orders').length", 2],
    ["$items('If', 1)[1].json.no", 2],
    ["$items()[1].json.customer", "grace"],
    ["steps['Load orders'].total", 12.345],
    ["steps['Load orders'].output.total", 12.345],
    ["steps.If.items[0].json.yes", 1],
    ["$jmespath($('Load orders').all(), '[?json.total > `10`].json.total')", [12.345]],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  test("a misspelt node is named, with the nearest that there is", () => {
    expect(() => evaluate("$('Load order').item.json")).toThrow(
      expect.objectContaining({
        name: "ExpressionError",
        message: `Referenced node doesn't exist: "Load order"`,
        hint: 'Did you mean "Load orders"?',
      }),
    );
    expect(() => evaluate("$node['Lop'].json")).toThrow(/doesn't exist: "Lop"/);
    expect(() => evaluate("steps.Missing")).toThrow(/doesn't exist: "Missing"/);
  });

  test("a node that has not run says so", () => {
    for (const expression of [
      "$('Later').item",
      "$('Later').first()",
      "$('Later').all()",
      "$node['Later'].json",
      "$items('Later')",
      "steps.Later",
    ]) {
      expect(() => evaluate(expression)).toThrow(/references the node "Later", but it hasn't been executed yet/);
    }
  });

  test("a missing paired item says why", () => {
    expect(() => evaluate("$('Loop').item.json", 1)).toThrow(/No paired item for item 1/);
    expect(() => evaluate("$node['Loop'].json", 1)).toThrow(/has no item 1/);
  });

  test("an error of this kind is not swallowed by a default", () => {
    expect(() => evaluate("$('Nowhere').item.json.x ?? 'none'")).toThrow(/Nowhere/);
  });

  test("…but the expression itself may catch it", () => {
    expect(evaluate("(() => { try { return $('Later').first().json } catch (e) { return e.message } })()")).toMatch(/hasn't been executed/);
  });
});

describe("helpers", () => {
  test.each<[string, unknown]>([
    ['$if($now.hour < 17, "Good day", "Good evening")', "Good evening"],
    ['$if($now.hour < 10, "Good morning", $if($now.hour < 19, "Good day", "Good evening"))', "Good day"],
    ['"Hi " + $ifEmpty($json.nickname, "there")', "Hi there"],
    ["$ifEmpty('', 1)", 1],
    ["$ifEmpty([], 1)", 1],
    ["$ifEmpty({}, 1)", 1],
    ["$ifEmpty(0, 1)", 0],
    ["$max(1, 5, 3)", 5],
    ["$min(1, 5, 3)", 1],
    ["$average(1, 5, 3)", 3],
    ["$not(false)", true],
    [
      "$jmespath({people: [{age: 20, name: 'Bob'}, {age: 25, name: 'Fred'}, {age: 30, name: 'George'}]}.people, '[*].name')",
      ["Bob", "Fred", "George"],
    ],
    [
      "$jmespath([{age: 20, name: 'Bob'}, {age: 25, name: 'Fred'}, {age: 30, name: 'George'}], '[?age > `20`].[name, age]')",
      [
        ["Fred", 25],
        ["George", 30],
      ],
    ],
    ["$jmespath([{age: 20, name: 'Bob'}, {age: 25, name: 'Fred'}], '[?age > `20`].name | [0]')", "Fred"],
    [
      "$jmespath({reservations: [{guests: [{name: 'Nathan', requirements: {room: 'double'}}, {name: 'Meg', requirements: {room: 'single'}}]}]}, 'reservations[].guests[?requirements.room==`double`].name')",
      [["Nathan"]],
    ],
    ["$jmespath({a: 1}, 'a[')", undefined],
    ["$jmespath({dogs: {Fido: {age: 7}, Spot: {age: 5}}}.dogs, '*.age')", [7, 5]],
    ["$jmespath([{first: 'James', last: 'Green'}], '[].[first, last]')", [["James", "Green"]]],
    ["$jmespath([{first: 'a'}, {first: 'b'}, {first: 'c'}], '[:2].first')", ["a", "b"]],
  ])("%s", (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  test("$jmespath refuses what is no query or no data", () => {
    expect(() => evaluate("$jmespath('x', 'y')")).toThrow(/expected two arguments/);
    expect(() => evaluate("$jmespath({}, 5)")).toThrow(/expected two arguments/);
  });
});

test("$fromAI gives the item's field, or what is said to be given otherwise", () => {
  const scope = testScope([{ city: "Rome", query: { city: "Oslo" } }, { city: "Rome" }, {}]);
  const at = (index: number) => evaluateTemplate("={{ $fromAI('city', 'A city', 'string', 'Paris') }}", scope, index);
  expect([at(0), at(1), at(2)]).toEqual(["Oslo", "Rome", "Paris"]);
  expect(() => evaluateTemplate("={{ $fromAI('no spaces') }}", scope, 0)).toThrow("expected a key");
});

test("times of a flow in UTC end with Z, as luxon writes them", () => {
  const scope = testScope([{}], {}, { timezone: "UTC" });
  const evaluate = (code: string) => evaluateTemplate(`={{ ${code} }}`, scope, 0);
  expect(evaluate("$now.toISO()")).toBe("2024-03-30T17:49:07.234Z");
  expect(evaluate("'2024-01-02'.toDateTime().toISO()")).toBe("2024-01-02T00:00:00.000Z");
  expect(evaluate("$now.zoneName")).toBe("UTC");
});
