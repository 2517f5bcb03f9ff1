import { expect, it } from "vitest";
import { parseNote, spansOf } from "./note-markdown";

const text = (value: string) => ({ kind: "text", text: value });

it("reads what notes are written with", () => {
  expect(parseNote("## Try **it**\nOne\ntwo\n\n- a\n  - [x] b\n\n1. c\n> said\n\n```js\n# no heading\n```\n---")).toEqual([
    { kind: "heading", level: 2, spans: [text("Try "), { kind: "strong", spans: [text("it")] }] },
    { kind: "paragraph", lines: [[text("One")], [text("two")]] },
    {
      kind: "list",
      ordered: false,
      items: [
        { done: null, depth: 0, spans: [text("a")] },
        { done: true, depth: 1, spans: [text("b")] },
      ],
    },
    { kind: "list", ordered: true, items: [{ done: null, depth: 0, spans: [text("c")] }] },
    { kind: "quote", lines: [[text("said")]] },
    { kind: "code", text: "# no heading" },
    { kind: "rule" },
  ]);
  expect(spansOf("a `*b*` _c_ ~~d~~ snake_case_name")).toEqual([
    text("a "),
    { kind: "code", text: "*b*" },
    text(" "),
    { kind: "emphasis", spans: [text("c")] },
    text(" "),
    { kind: "strike", spans: [text("d")] },
    text(" snake_case_name"),
  ]);
});

it("links to addresses that cannot run anything, and takes HTML for text", () => {
  expect(spansOf("[docs](https://example.com/a)")).toEqual([{ kind: "link", href: "https://example.com/a", spans: [text("docs")] }]);
  for (const hostile of ["[x](javascript:alert(1))", "[x](data:text/html,hi)", "<img src=x onerror=alert(1)>"]) {
    expect(JSON.stringify(parseNote(hostile))).not.toContain('"link"');
  }
  expect(parseNote("<b>bold</b>")).toEqual([{ kind: "paragraph", lines: [[text("<b>bold</b>")]] }]);
});

it("takes no longer for a hostile note", () => {
  const start = performance.now();
  for (const piece of ["*", "_", "`", "[", "**a ", "~~", "- ", "> ", "[a](", "* * "]) parseNote(piece.repeat(50_000 / piece.length));
  expect(performance.now() - start).toBeLessThan(5_000);
});
