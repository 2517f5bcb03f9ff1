import { expect, it } from "vitest";
import type { Json } from "@/flow/item";
import { executeForTest } from "../testing/execute";
import { pollForTest } from "../testing/poll";

interface FeedEntry {
  guid?: string;
  link?: string;
  title: string;
  /** Minute of the hour in which it was published. */
  at?: number;
}

const rss = (...entries: FeedEntry[]) =>
  `<rss version="2.0"><channel>${entries
    .map(
      ({ guid, link, title, at }) =>
        `<item><title>${title}</title>${guid ? `<guid>${guid}</guid>` : ""}${link ? `<link>${link}</link>` : ""}${at === undefined ? "" : `<pubDate>Mon, 02 Nov 2026 09:${String(at).padStart(2, "0")}:00 GMT</pubDate>`}</item>`,
    )
    .join("")}</channel></rss>`;

const answer = (feed: string) => () => ({ headers: { "content-type": "application/xml" }, body: new TextEncoder().encode(feed) });
const URL = { url: "https://blog.test/feed" };

async function polls(...feeds: string[]): Promise<unknown[][]> {
  let cursor: Json | null = null;
  const titles: unknown[][] = [];
  for (const feed of feeds) {
    const result = await pollForTest("rss-trigger", { parameters: URL, cursor, http: answer(feed) });
    cursor = result.cursor;
    titles.push(result.events.map(({ item }) => item.json.title));
  }
  return titles;
}

it("gives each new entry once, the oldest first", async () => {
  const [one, two, three] = [
    { guid: "1", title: "One", at: 1 },
    { guid: "2", title: "Two", at: 2 },
    { guid: "3", title: "Three", at: 3 },
  ];
  expect(await polls(rss(one), rss(three, two, one), rss(three, two, one), rss(three))).toEqual([[], ["Two", "Three"], [], []]);
});

it("takes an entry that comes in late as new, but none that moves up from behind since another one was deleted", async () => {
  const entry = (at: number) => ({ guid: String(at), title: String(at), at });
  expect(await polls(rss(entry(5), entry(3)), rss(entry(5), entry(4), entry(3)), rss(entry(5), entry(3), entry(1)))).toEqual([
    [],
    ["4"],
    [],
  ]);
});

it("takes no entry as new whose words were mended", async () => {
  expect(await polls(rss({ guid: "1", title: "Wrods" }), rss({ guid: "1", title: "Words" }))).toEqual([[], []]);
});

it("tells entries apart by link, else by what they say, where the feed does not name them", async () => {
  const first = rss({ link: "https://a.test/1", title: "A" }, { title: "B" });
  expect(await polls(first, rss({ link: "https://a.test/2", title: "A" }, { title: "C" }, { title: "B" }))).toEqual([[], ["C", "A"]]);
});

it("says of what is no feed that it is none, and of a failing server what it answered", async () => {
  await expect(polls("<html></html>")).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("can't be read as a feed"),
  });
  await expect(pollForTest("rss-trigger", { parameters: URL, http: () => ({ status: 500 }) })).rejects.toThrow("500");
  await expect(pollForTest("rss-trigger")).rejects.toThrow('Parameter "url": is empty');
});

it("shows the newest entry when it is run by hand, and passes on what a poll started it with", async () => {
  const feed = rss({ guid: "1", title: "Old", at: 1 }, { guid: "2", title: "New", at: 2 });
  const visit = { parameters: URL, http: answer(feed) };
  expect((await executeForTest("rss-trigger", visit)).json[0]).toMatchObject([{ title: "New" }]);
  expect((await executeForTest("rss-trigger", { ...visit, items: [{ title: "Given" }, { title: "Too" }] })).json).toEqual([
    [{ title: "Given" }, { title: "Too" }],
  ]);
  await expect(executeForTest("rss-trigger", { ...visit, http: answer(rss()) })).rejects.toThrow("nothing to show yet");
});
