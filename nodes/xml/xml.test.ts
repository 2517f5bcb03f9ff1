import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const XML = `<?xml version="1.0"?>
<!-- all of it -->
<Order id="7" note="a &amp; b">
  <line sku="x">2 &lt; 3</line>
  <line sku="y"><![CDATA[<b>]]> &#65;</line>
  <empty/>
  <Name>  Ada
    Lovelace </Name>
</Order>`;

const read = async (parameters: JsonObject = {}, data: string = XML) =>
  (await executeForTest("xml", { parameters, items: [{ json: { data } }] })).json[0]?.[0] as { Order: JsonObject };
const write = async (json: JsonObject, parameters: JsonObject = {}) =>
  (await executeForTest("xml", { parameters: { mode: "jsonToXml", headless: true, ...parameters }, items: [{ json }] })).json[0]?.[0]?.data;

describe("XML to JSON", () => {
  it("puts attributes beside elements, and makes lists of elements of the same name", async () => {
    expect(await read({ normalize: true })).toEqual({
      Order: {
        id: "7",
        note: "a & b",
        line: [
          { sku: "x", _: "2 < 3" },
          { sku: "y", _: "<b> A" },
        ],
        empty: "",
        Name: "Ada Lovelace",
      },
    });
  });

  it("keeps attributes apart or leaves them out, and makes everything a list when told", async () => {
    expect((await read({ mergeAttrs: false })).Order.$).toEqual({ id: "7", note: "a & b" });
    expect((await read({ mergeAttrs: false, attrkey: "@", charkey: "#" })).Order.line).toEqual([
      { "@": { sku: "x" }, "#": "2 < 3" },
      { "@": { sku: "y" }, "#": "<b> A" },
    ]);
    expect(await read({ ignoreAttrs: true, explicitRoot: false, trim: true })).toEqual({
      line: ["2 < 3", "<b> A"],
      empty: "",
      Name: "Ada\n    Lovelace",
    });
    expect((await read({ explicitArray: true })).Order).toMatchObject({ id: ["7"], empty: [""], line: [{ sku: ["x"] }, { sku: ["y"] }] });
    expect(await read({ normalizeTags: true }, "<A><B>1</B></A>")).toEqual({ a: { b: "1" } });
  });

  it("says where the text is no XML, and keeps prototypes out of reach", async () => {
    await expect(read({}, "<a>\n<b></a>")).rejects.toThrow(/Parameter "dataPropertyName" \(item 0\): is not valid XML: .*line 2/);
    await expect(executeForTest("xml", { items: [{ a: 1 }] })).rejects.toThrow('no text in a field "data"');
    await expect(read({}, "<a><constructor>1</constructor></a>")).rejects.toThrow("prototype");
    await expect(read({}, "<a><__proto__><polluted>1</polluted></__proto__></a>")).rejects.toThrow("prototype");
  });

  it("does not blow up entities", async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${"x".repeat(1000)}">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n} "${"&a;".repeat(10)}">`).join("")}]><x>${"&a1;".repeat(1000)}</x>`;
    const started = performance.now();
    const size = await read({}, bomb).then(
      (json) => JSON.stringify(json).length,
      () => 0,
    );
    expect(size).toBeLessThan(1_000_000);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("JSON to XML", () => {
  it("writes elements, attributes, lists and text", async () => {
    const json = {
      order: { $: { id: 7 }, line: [{ $: { sku: 'a"b' }, _: "2 < 3" }, "y"], empty: "", none: null, deep: { n: 1.5, yes: true } },
    };
    expect(await write(json)).toBe(
      [
        '<order id="7">',
        '  <line sku="a&quot;b">2 &lt; 3</line>',
        "  <line>y</line>",
        "  <empty/>",
        "  <none/>",
        "  <deep>",
        "    <n>1.5</n>",
        "    <yes>true</yes>",
        "  </deep>",
        "</order>",
      ].join("\n"),
    );
  });

  it("takes a root element where there is none, a header, and CDATA when told", async () => {
    expect(await write({ a: 1, b: 2 })).toBe("<root>\n  <a>1</a>\n  <b>2</b>\n</root>");
    expect(await write({ a: 1 }, { rootName: "doc", headless: false })).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<doc>\n  <a>1</a>\n</doc>',
    );
    expect(await write({ a: "<b>]]>" }, { cdata: true })).toBe("<a><![CDATA[<b>]]]]><![CDATA[>]]></a>");
  });

  it("comes back as it went", async () => {
    const json = { order: { id: "7", line: [{ sku: "x", _: "a & <b>" }, "plain"], empty: "" } };
    const written = (await write({ order: { $: { id: "7" }, line: [{ $: { sku: "x" }, _: "a & <b>" }, "plain"], empty: "" } })) as string;
    expect(await read({}, written)).toEqual(json);
  });

  it("refuses names that are none in XML", async () => {
    await expect(write({ "a b": 1 })).rejects.toThrow('"a b" can\'t be the name of an XML element');
    await expect(write({ a: { $: { "x y": 1 } } })).rejects.toThrow("rename the field first");
  });
});
