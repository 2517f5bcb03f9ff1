import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { completeTemplate } from "./complete";
import { templateParts } from "./template-parts";

const slices = (text: string) => templateParts(text).map(({ from, to, closed }) => [text.slice(from, to), closed]);

describe("the parts of a template", () => {
  it("end at their own braces, not at those in strings or objects", () => {
    expect(slices("Hi {{ $json.a }} and {{ '}}' }}!")).toEqual([
      ["{{ $json.a }}", true],
      ["{{ '}}' }}", true],
    ]);
    expect(slices("{{ ({ a: { b: 1 }}) }}")).toEqual([["{{ ({ a: { b: 1 }}) }}", true]]);
    expect(slices("open {{ $json.")).toEqual([["{{ $json.", false]]);
  });
});

describe("suggestions", () => {
  const data = { json: { customer: { name: "Ada", "first name": "A" }, total: 3 }, nodeNames: ["Load orders"], jsonOf: () => ({ id: 7 }) };
  const labels = (text: string): string[] => {
    const cursor = text.indexOf("|");
    const state = EditorState.create({ doc: text.replace("|", "") });
    return completeTemplate(new CompletionContext(state, cursor, false), data)?.options.map((option) => option.label) ?? [];
  };

  it("are the data's own keys, at every depth", () => {
    expect(labels("{{ $json.| }}")).toEqual(["customer", "total"]);
    expect(labels("{{ $json.customer.n| }}")).toEqual(["name", '["first name"]']);
    expect(labels("{{ $('Load orders').item.json.| }}")).toEqual(["id"]);
  });

  it("are node names inside of $('…') and nothing outside of braces", () => {
    expect(labels("{{ $('Lo| }}")).toEqual(["Load orders"]);
    expect(labels("plain $json.|")).toEqual([]);
    expect(labels("{{ $j| }}")).toContain("$json");
  });
});
