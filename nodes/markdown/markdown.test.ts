import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const toHtml = async (markdown: string, parameters: JsonObject = {}) =>
  (await executeForTest("markdown", { parameters: { mode: "markdownToHtml", markdown, ...parameters } })).json[0]?.[0]?.data;
const toMarkdown = async (html: string, parameters: JsonObject = {}) =>
  (await executeForTest("markdown", { parameters: { html, ...parameters } })).json[0]?.[0]?.data;

describe("Markdown to HTML", () => {
  it("makes the usual elements", async () => {
    expect(await toHtml('# Hello "World"!\n\nSome *em* and **strong** & `a < b`\n\n## Hello World')).toBe(
      '<h1 id="helloworld">Hello "World"!</h1>\n<p>Some <em>em</em> and <strong>strong</strong> &amp; <code>a &lt; b</code></p>\n<h2 id="helloworld-1">Hello World</h2>',
    );
    expect(await toHtml("- a\n- b\n\n1. c")).toBe("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>");
    expect(await toHtml('> quote\n\n---\n\n[x](http://a.b "t") ![i](u.png)')).toBe(
      '<blockquote>\n  <p>quote</p>\n</blockquote>\n<hr />\n<p><a href="http://a.b" title="t">x</a> <img src="u.png" alt="i" /></p>',
    );
    expect(await toHtml('```js\na < "b"\n```')).toBe('<pre><code class="js language-js">a &lt; "b"\n</code></pre>');
  });

  it("makes what is GitHub's own only when asked", async () => {
    const table = "| a | b |\n|---|---|\n| 1 | 2 |";
    expect(await toHtml(table)).not.toContain("<table>");
    expect(await toHtml(table, { tables: true })).toContain("<td>1</td>");
    expect(await toHtml("~~x~~")).toBe("<p>~~x~~</p>");
    expect(await toHtml("~~x~~", { strikethrough: true })).toBe("<p><del>x</del></p>");
    expect(await toHtml("see http://a.b")).toBe("<p>see http://a.b</p>");
    expect(await toHtml("see http://a.b", { simplifiedAutoLink: true, openLinksInNewWindow: true })).toBe(
      '<p>see <a href="http://a.b" rel="noopener noreferrer" target="_blank">http://a.b</a></p>',
    );
    expect(await toHtml("- [x] a")).toBe("<ul>\n<li>[x] a</li>\n</ul>");
    expect(await toHtml("- [x] a", { tasklists: true })).toContain('<input type="checkbox"');
    expect(await toHtml("a\nb")).toBe("<p>a\nb</p>");
    expect(await toHtml("a\nb", { simpleLineBreaks: true })).toBe("<p>a<br />\nb</p>");
  });

  it("numbers and names headings as told", async () => {
    expect(await toHtml("# A b", { noHeaderId: true, headerLevelStart: 3 })).toBe("<h3>A b</h3>");
    expect(await toHtml("# A b!", { ghCompatibleHeaderId: true, prefixHeaderId: "p-" })).toBe('<h1 id="p-a-b">A b!</h1>');
    expect(await toHtml("x", { completeHTMLDocument: true })).toMatch(/^<!DOCTYPE HTML>[\s\S]*<p>x<\/p>\n<\/body>\n<\/html>$/);
  });
});

describe("HTML to Markdown", () => {
  const page =
    "<h1>Hi</h1><p>An <em>em</em> and <strong>strong</strong> <a href='http://a.b'>link</a></p><ul><li>a</li></ul><nav>skip</nav>";

  it("writes Markdown, in the marks that are asked for", async () => {
    expect(await toMarkdown(page, { ignore: "nav" })).toBe("# Hi\n\nAn _em_ and **strong** [link](http://a.b)\n\n* a");
    expect(await toMarkdown(page, { ignore: "nav", bulletMarker: "-", emDelimiter: "*", strongDelimiter: "__" })).toBe(
      "# Hi\n\nAn *em* and __strong__ [link](http://a.b)\n\n- a",
    );
    expect(await toMarkdown("<p><a href='http://a.b'>x</a></p>", { useLinkReferenceDefinitions: true })).toContain("[1]: http://a.b");
  });

  it("keeps the other fields, files and lineage, and puts the result where it is told", async () => {
    const binary = { doc: { mimeType: "text/plain", data: "" } };
    const { outputs } = await executeForTest("markdown", {
      parameters: { html: "={{ $json.page }}", destinationKey: "out.md" },
      items: [{ json: { page: "<b>x</b>", out: { a: 1 } }, binary }],
    });
    expect(outputs[0]).toEqual([{ json: { page: "<b>x</b>", out: { a: 1, md: "**x**" } }, binary, pairedItem: { item: 0 } }]);
  });
});
