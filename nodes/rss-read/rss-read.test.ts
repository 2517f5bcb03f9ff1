import { expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest, type TestVisit } from "../testing/execute";

const read = async (feed: string | Uint8Array, parameters: JsonObject = {}, visit: TestVisit = {}, type = "application/xml") =>
  executeForTest("rss-read", {
    ...visit,
    parameters: { url: "https://blog.test/feed", ...parameters },
    http: () => ({ headers: { "content-type": type }, body: typeof feed === "string" ? new TextEncoder().encode(feed) : feed }),
  });

const RSS = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>News</title>
<item>
  <title>Bread &amp; butter</title><link>https://blog.test/1</link>
  <dc:creator><![CDATA[Ada]]></dc:creator><pubDate>Mon, 02 Nov 2026 09:00:00 GMT</pubDate>
  <description>&lt;p&gt;Fish &amp;amp; chips&lt;/p&gt;&lt;p&gt;Peas&lt;/p&gt;</description>
  <content:encoded><![CDATA[<b>All</b> of it]]></content:encoded>
  <guid isPermaLink="false">1</guid><category>food</category><category domain="x">drink</category>
  <enclosure url="https://blog.test/1.mp3" length="5" type="audio/mpeg"/><source url="https://a.test">A</source>
</item>
<item><title>Second</title></item>
</channel></rss>`;

it("gives the entries of RSS with the names that readers share", async () => {
  const { outputs } = await read(RSS, {}, { items: [{}, {}] });
  expect(outputs[0]?.map(({ json, pairedItem }) => [json.title, pairedItem])).toEqual([
    ["Bread & butter", { item: 0 }],
    ["Second", { item: 0 }],
    ["Bread & butter", { item: 1 }],
    ["Second", { item: 1 }],
  ]);
  expect(outputs[0]?.[0]?.json).toEqual({
    creator: "Ada",
    "dc:creator": "Ada",
    title: "Bread & butter",
    link: "https://blog.test/1",
    pubDate: "Mon, 02 Nov 2026 09:00:00 GMT",
    "content:encoded": "<b>All</b> of it",
    "content:encodedSnippet": "All of it",
    content: "<p>Fish &amp; chips</p><p>Peas</p>",
    contentSnippet: "Fish & chips\nPeas",
    guid: "1",
    categories: ["food", "drink"],
    enclosure: { url: "https://blog.test/1.mp3", length: "5", type: "audio/mpeg" },
    isoDate: "2026-11-02T09:00:00.000Z",
  });
  expect(outputs[0]?.[1]?.json).toEqual({ title: "Second" });
});

it("gives further fields when asked", async () => {
  expect((await read(RSS, { customFields: "source, nothing" })).json[0]?.[0]?.source).toEqual({ _: "A", url: "https://a.test" });
});

it("reads Atom, with markup and without", async () => {
  const { json } = await read(`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
    <entry><title type="html">One</title><link rel="self" href="https://a.test/self"/><link href="https://a.test/1"/><id>tag:1</id>
      <updated>2026-01-02T03:04:05+01:00</updated><author><name>Ada</name></author><summary>Short</summary>
      <content type="html">&lt;i&gt;x&lt;/i&gt; &amp;lt; y</content><category term="t"/></entry>
    <entry><title>Two</title><content type="xhtml"><div><b>bold</b></div></content></entry></feed>`);
  expect(json[0]).toEqual([
    {
      title: "One",
      link: "https://a.test/1",
      pubDate: "2026-01-02T02:04:05.000Z",
      author: "Ada",
      content: "<i>x</i> &lt; y",
      contentSnippet: "x < y",
      summary: "Short",
      id: "tag:1",
      categories: ["t"],
      isoDate: "2026-01-02T02:04:05.000Z",
    },
    { title: "Two", content: "<div><b>bold</b></div>", contentSnippet: "bold" },
  ]);
});

it("reads RDF, and the encoding that the first line names", async () => {
  const rdf = `<?xml version="1.0" encoding="ISO-8859-1"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="d">
    <channel><title>T</title></channel><item><title>caf\u00e9</title><link>https://r.test/1</link><dc:date>2026-05-06</dc:date></item></rdf:RDF>`;
  expect((await read(Buffer.from(rdf, "latin1"))).json[0]).toEqual([
    { title: "café", link: "https://r.test/1", date: "2026-05-06", "dc:date": "2026-05-06", isoDate: "2026-05-06T00:00:00.000Z" },
  ]);
});

it("says of anything else that it is no feed, and goes on where the node does", async () => {
  await expect(read("<html><body>Not found</body></html>", {}, {}, "text/html")).rejects.toThrow(
    "can't be read as a feed: it is neither RSS",
  );
  await expect(read("not xml at all <", {})).rejects.toThrow("can't be read as a feed");
  await expect(read(RSS, { url: "blog" })).rejects.toThrow('"url" (item 0): "blog" is not a valid URL');
  const { outputs } = await read("<a/>", {}, { continueOnFail: true });
  expect(outputs[0]?.[0]).toMatchObject({ error: { name: "FatalError" }, pairedItem: { item: 0 } });
});

it("is not blown up by entities, nor slow on markup that never ends", async () => {
  const bomb = `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
    <rss><channel><item><title>&c;&c;&c;</title></item></channel></rss>`;
  const outcome = await read(bomb).then(
    ({ json }) => String(json[0]?.[0]?.title).length,
    () => 0,
  );
  expect(outcome).toBeLessThan(1000);
  const hostile = `<rss><channel><item><description><![CDATA[${"<p ".repeat(200_000)}]]></description></item></channel></rss>`;
  expect((await read(hostile)).json[0]).toHaveLength(1);
});
