import { describe, expect, test } from "vitest";
import { codeReferences, renameNodeInCode, renameNodeInTemplate, templateReferences } from "../template";

describe("what a template reads", () => {
  test.each<[string, string[], boolean]>([
    ["={{ $('A').item.json.x }}", ["A"], false],
    ['={{ $("A").first().json }} and {{ $(`B`).all() }}', ["A", "B"], false],
    ["={{ $node['A'].json }}{{ $node.B.json }}", ["A", "B"], false],
    ["={{ $items('A', 0).length }}", ["A"], false],
    ["={{ steps.A.x + steps['B c'].y }}", ["A", "B c"], false],
    ["={{ $('A').item.json.x + $('A').item.json.y }}", ["A"], false],
    ["={{ $json.list.map(x => $('A').all()[x]) }}", ["A"], false],
    ["={{ $($json.name).item }}", [], true],
    ["={{ $node[`x${1}`].json }}", [], true],
    ["={{ (() => { const { A, 'B c': b } = steps; return A })() }}", ["A", "B c"], false],
    ["={{ $json.$('A') }}", [], false],
    ["$('A') is plain text", [], false],
    ["=$('A') outside of braces", [], false],
    ["={{ $('A' }}", [], false],
    ["={{ 'text with $(\"A\")' }}", [], false],
  ])("%s", (template, nodes, dynamic) => {
    expect(templateReferences(template)).toMatchObject({ nodes, dynamic });
  });

  test("free names are told", () => {
    expect(templateReferences("={{ $json.a + $now.year + variables.b }}").reads).toEqual(["$json", "$now", "variables"]);
  });
});

describe("renaming a node", () => {
  test.each([
    ["={{ $('Old').item.json.x }} Old", "={{ $('New name').item.json.x }} Old"],
    ['={{  $( "Old" ) .item }}', '={{  $( "New name" ) .item }}'],
    ["={{ $node.Old.json + $node['Old'].json }}", "={{ $node[\"New name\"].json + $node['New name'].json }}"],
    ["={{ $node?.Old }}", '={{ $node?.["New name"] }}'],
    ["={{ steps.Old.x }} {{ $items(`Old`) }}", '={{ steps["New name"].x }} {{ $items(`New name`) }}'],
    ["={{ $('Other').item.json.Old + 'Old' + $json.Old }}", "={{ $('Other').item.json.Old + 'Old' + $json.Old }}"],
    ["={{ (() => { const { Old } = steps; return Old.x })() }}", '={{ (() => { const { "New name": Old } = steps; return Old.x })() }}'],
    ["=\\{{ $('Old') }} {{ $('Old') }}", "=\\{{ $('Old') }} {{ $('New name') }}"],
    ["={{ $('Old' }} {{ broken", "={{ $('Old' }} {{ broken"],
    ["$('Old')", "$('Old')"],
  ])("%s", (template, expected) => {
    expect(renameNodeInTemplate(template, "Old", "New name")).toBe(expected);
  });

  test("to a name that is an identifier keeps the dot", () => {
    expect(renameNodeInTemplate("={{ $node.Old.json }}", "Old", "Fresh")).toBe("={{ $node.Fresh.json }}");
  });

  test("a name with quotes is written so that it means the same", () => {
    expect(renameNodeInTemplate("={{ $('Old').item }}", "Old", 'it\'s \\ "so"')).toBe("={{ $('it\\'s \\\\ \"so\"').item }}");
    expect(renameNodeInTemplate("={{ $(`Old`).item }}", "Old", "${x}`")).toBe("={{ $(`\\${x}\\``).item }}");
  });
});

describe("the code of Code nodes", () => {
  test.each<[string, string[], boolean]>([
    ["const a = $('A').all();\nreturn a.map(i => ({ json: i.json }));", ["A"], false],
    ["for (const item of $input.all()) { await x($node['B'].json) }\nreturn []", ["B"], false],
    ["const a: Item[] = $('A').all();\ninterface X { y: string }\nreturn steps.B.items;", ["A", "B"], false],
    ["const x: string = $(name).first()", [], true],
    ["return $('half typed", [], false],
    ["return [", [], false],
    ['// TypeScript\nconst x = <any>$("A").first() as Foo; type T = 1', ["A"], false],
  ])("%s", (code, nodes, dynamic) => {
    expect(codeReferences(code)).toMatchObject({ nodes, dynamic });
  });

  test("renaming works in JavaScript and in TypeScript", () => {
    expect(renameNodeInCode("return $('Old').all().concat($node.Old.json)", "Old", "New one")).toBe(
      "return $('New one').all().concat($node[\"New one\"].json)",
    );
    expect(renameNodeInCode('const a: string = $("Old").first().json.Old', "Old", "New one")).toBe(
      'const a: string = $("New one").first().json.Old',
    );
  });
});
