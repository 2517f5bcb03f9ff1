import { describe, expect, it } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const PAGE = `<html><body>
  <article><h1> Hello
     world </h1><p class="lead">One <b>two</b></p><p>Three</p></article>
  <a href="/a">A</a><a href="/b">B</a><a>C</a>
  <input name="q" value="words"><select><option value="1">1</option><option value="2" selected>2</option></select>
</body></html>`;

const run = (parameters: JsonObject, items: (Item | JsonObject)[]) => executeForTest("html", { parameters, items });
const extract = async (extraction: JsonObject, extra: JsonObject = {}) =>
  (await run({ operation: "extractHtmlContent", extractionValues: [{ key: "x", ...extraction }], ...extra }, [{ json: { data: PAGE } }]))
    .json[0]?.[0]?.x;

describe("HTML: extract", () => {
  it("takes text, HTML, attributes and values of inputs", async () => {
    expect(await extract({ cssSelector: "h1" })).toBe("Hello\n     world");
    expect(await extract({ cssSelector: "h1" }, { cleanUpText: true })).toBe("Hello world");
    expect(await extract({ cssSelector: "h1" }, { trimValues: false })).toBe(" Hello\n     world ");
    expect(await extract({ cssSelector: ".lead", returnValue: "html" })).toBe("One <b>two</b>");
    expect(await extract({ cssSelector: "a", returnValue: "attribute", attribute: "href" })).toBe("/a");
    expect(await extract({ cssSelector: "input", returnValue: "value" })).toBe("words");
    expect(await extract({ cssSelector: "select", returnValue: "value" })).toBe("2");
  });

  it("gives one text of all elements, or a list", async () => {
    expect(await extract({ cssSelector: "p" })).toBe("One twoThree");
    expect(await extract({ cssSelector: "p", returnArray: true })).toEqual(["One two", "Three"]);
    expect(await extract({ cssSelector: "a", returnValue: "attribute", attribute: "href", returnArray: true })).toEqual(["/a", "/b", null]);
  });

  it("gives empty text, null or an empty list for what is not there", async () => {
    expect(await extract({ cssSelector: ".none" })).toBe("");
    expect(await extract({ cssSelector: ".none", returnValue: "html" })).toBeNull();
    expect(await extract({ cssSelector: ".none", returnArray: true })).toEqual([]);
  });

  it("lays text out for reading: headings, lists, links and lines, of the first element or each", async () => {
    const page = '<div><h2>Title</h2><p>one<br>two <a href="/x">link</a></p><ul><li>a</li><li>b</li></ul></div><div>second</div>';
    const read = async (extraction: JsonObject) => {
      const extractionValues = [{ key: "x", cssSelector: "div", ...extraction }];
      const parameters = { operation: "extractHtmlContent", textLayout: "readable", extractionValues };
      return (await run(parameters, [{ json: { data: page } }])).json[0]?.[0]?.x;
    };
    const first = "TITLE\n\none\ntwo link [/x]\n\n * a\n * b";
    expect(await read({})).toBe(first);
    expect(await read({ returnArray: true })).toEqual([first, "second"]);
    expect(await read({ skipSelectors: "h2, ul" })).toBe("one\ntwo link [/x]");
    expect(await read({ cssSelector: "h2" })).toBe("Title");
    expect(await read({ cssSelector: ".none" })).toBe("");
  });

  it("leaves elements out of a text", async () => {
    expect(await extract({ cssSelector: "article", skipSelectors: "h1, b" }, { cleanUpText: true })).toBe("One Three");
  });

  it("reads files and lists of documents, and names what is wrong", async () => {
    const parameters = { operation: "extractHtmlContent", extractionValues: [{ key: "t", cssSelector: "b" }] };
    const binary = { page: { mimeType: "text/html", data: Buffer.from("<b>ä</b>").toString("base64") } };
    expect((await run({ ...parameters, sourceData: "binary", dataPropertyName: "page" }, [{ json: {}, binary }])).json[0]).toEqual([
      { t: "ä" },
    ]);
    const { outputs } = await run(parameters, [{ json: { data: ["<b>1</b>", "<b>2</b>"] } }]);
    expect(outputs[0]).toEqual([
      { json: { t: "1" }, pairedItem: { item: 0 } },
      { json: { t: "2" }, pairedItem: { item: 0 } },
    ]);
    await expect(run(parameters, [{ json: { other: 1 } }])).rejects.toThrow('no field "data" is there');
    await expect(run({ ...parameters, sourceData: "binary" }, [{ json: {}, binary }])).rejects.toThrow(
      'there is no file "data": it has "page"',
    );
    await expect(extract({ cssSelector: "a[[" })).rejects.toThrow(
      'Parameter "extractionValues[0].cssSelector" (item 0): is not a CSS selector',
    );
  });
});

describe("HTML: template and table", () => {
  it("fills in a template for each item", async () => {
    const parameters = { html: "<h1>{{ $json.title }}</h1><p>{{ $json.n + 1 }}</p><script>const a = { b: {} };</script>" };
    expect((await run(parameters, [{ json: { title: "A", n: 1 } }, { json: { title: "B" } }])).json[0]?.map(({ html }) => html)).toEqual([
      "<h1>A</h1><p>2</p><script>const a = { b: {} };</script>",
      "<h1>B</h1><p></p><script>const a = { b: {} };</script>",
    ]);
    expect((await run({ html: "=<b>{{ $json.x }}</b>" }, [{ json: { x: 1 } }])).json[0]).toEqual([{ html: "<b>1</b>" }]);
  });

  it("makes one table of all items", async () => {
    const items: Item[] = [{ json: { first_name: "Ada", n: 1 } }, { json: { first_name: "<Bob>", o: { a: 1 } } }];
    const { outputs } = await run(
      { operation: "convertToHtmlTable", customStyling: true, capitalize: true, caption: "All", rowAttributes: "class=r" },
      items,
    );
    expect(outputs[0]?.[0]?.json.table).toBe(
      "<table><caption>All</caption><thead><tr class=r><th>First Name</th><th>N</th><th>O</th></tr></thead>" +
        "<tbody><tr class=r><td>Ada</td><td>1</td><td></td></tr>" +
        "<tr class=r><td>&lt;Bob&gt;</td><td></td><td>{&quot;a&quot;:1}</td></tr></tbody></table>",
    );
    expect(outputs[0]?.[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
    expect((await run({ operation: "convertToHtmlTable" }, items)).json[0]?.[0]?.table).toContain("border-collapse");
  });
});
