import { expect, it } from "vitest";
import type { Json } from "@/flow/item";
import { entriesOf, listAt } from "./list-entries";
import { newEntries } from "./new-entries";

const list = (...ids: string[]) => ids.map((id) => ({ id, item: { json: { id } } }));
const versions = (record: Record<string, string>) =>
  Object.entries(record).map(([id, content]) => ({ id, content, item: { json: { id, content } } }));

/** Polls one list after the other, as the engine does: what is returned as a cursor comes back as JSON. */
function polls(...lists: Parameters<typeof newEntries>[0][]): string[][] {
  let cursor: Json | null = null;
  return lists.map((entries) => {
    const result = newEntries(entries, cursor);
    cursor = JSON.parse(JSON.stringify(result.cursor)) as Json;
    return result.events.map(({ id }) => id);
  });
}

it("takes the first list as seen, and then gives what is new, once, in the list's order", () => {
  expect(polls(list("a", "b"), list("a", "b"), list("b", "c", "d"), list("d", "c"))).toEqual([[], [], ["c", "d"], []]);
});

it("starts nothing of a first list that is empty, and everything that comes after", () => {
  expect(polls([], list("a"), [], list("a", "b"))).toEqual([[], ["a"], [], ["b"]]);
});

it("knows an entry again that was gone for a while", () => {
  expect(polls(list("a", "b"), list("b"), list("a", "b"))).toEqual([[], [], []]);
});

it("gives an entry that is listed twice once", () => {
  expect(polls([], list("a", "a"))).toEqual([[], ["a"]]);
});

it("tells changes, also one back to what was there before", () => {
  expect(polls(versions({ a: "1" }), versions({ a: "2", b: "1" }), versions({ a: "1", b: "1" }), versions({ a: "1", b: "1" }))).toEqual([
    [],
    ["a#1", "b"],
    ["a#2"],
    [],
  ]);
});

it("takes no change from being asked for changes for the first time", () => {
  const { cursor } = newEntries(list("a"), null);
  const first = newEntries(versions({ a: "1" }), cursor);
  expect(first.events).toEqual([]);
  expect(newEntries(versions({ a: "2" }), first.cursor).events.map(({ id }) => id)).toEqual(["a#1"]);
});

it("takes what moves up from behind for known, since a sorted list is a part of a longer one", () => {
  const { cursor } = newEntries(list("3", "4", "5"), null);
  const sorted = { isSorted: true };
  const after = newEntries(list("2", "3", "5", "6"), cursor, sorted);
  expect(after.events.map(({ id }) => id)).toEqual(["6"]);
  expect(newEntries(list("2", "3", "5", "6"), after.cursor, sorted).events).toEqual([]);
  expect(
    newEntries(list("7", "8"), after.cursor, sorted).events.map(({ id }) => id),
    "nothing of it is known",
  ).toEqual(["7", "8"]);
});

it("gives changes alone where new entries do not count", () => {
  const { cursor } = newEntries(versions({ a: "1" }), null);
  const next = newEntries(versions({ a: "2", b: "1" }), cursor, { onlyChanges: true });
  expect(next.events.map(({ id }) => id)).toEqual(["a#1"]);
  expect(newEntries(versions({ a: "2", b: "2" }), next.cursor, { onlyChanges: true }).events.map(({ id }) => id)).toEqual(["b#1"]);
});

it("takes a row that is put where another one was deleted for a new one, with an id of its own, where places tell them apart", () => {
  const rows = { forgetsGone: true };
  const first = newEntries(list("1"), null, rows);
  const added = newEntries(list("1", "2"), first.cursor, rows);
  const deleted = newEntries(list("1"), added.cursor, rows);
  const again = newEntries(list("1", "2"), deleted.cursor, rows);
  expect([added, deleted, again].map(({ events }) => events.map(({ id }) => id))).toEqual([["2"], [], ["2@1"]]);
});

it("begins anew with a cursor that it does not understand", () => {
  expect(newEntries(list("a"), { other: 1 }).events).toEqual([]);
});

it("remembers as much as fits, the latest, and refuses a list that it could not compare", () => {
  const many = Array.from({ length: 9_999 }, (_, index) => String(index));
  const { cursor } = newEntries(list(...many), null);
  const next = newEntries(list("x", "y", "z"), cursor);
  expect((next.cursor as { seen: unknown[] }).seen).toHaveLength(10_000);
  expect(JSON.stringify(next.cursor).length).toBeLessThan(1024 * 1024);
  expect(newEntries(list("x", "9998"), next.cursor).events).toEqual([]);
  expect(() => newEntries(list(...many, "a", "b"), null)).toThrow("at most 10000 are compared");
});

it("finds a list in an answer, or says where one is", () => {
  expect(listAt([1], "")).toEqual([1]);
  expect(listAt({ data: { items: [1] } }, "data.items")).toEqual([1]);
  expect(() => listAt({ items: [], more: [] }, "")).toThrow("There is one in: items, more");
  expect(() => listAt({ data: {} }, "data.items")).toThrow('no list at "data.items"');
  expect(() => listAt("text", "a")).toThrow("no list");
});

it("names entries by their field, by all that they say where they have none, the newest last", () => {
  const settings = { identify: "field" as const, idField: "key.id", mode: "changed" as const, changeField: "at" };
  expect(entriesOf([{ key: { id: 7 }, at: "t" }, { other: 1 }, "text"], settings)).toEqual([
    { id: '"text"', content: null, item: { json: { value: "text" } } },
    { id: '{"other":1}', content: null, item: { json: { other: 1 } } },
    { id: "7", content: "t", item: { json: { key: { id: 7 }, at: "t" } } },
  ]);
});

it("tells rows of a table apart by their place, the last one being the newest", () => {
  const settings = { identify: "position" as const, idField: "id", mode: "new" as const, changeField: "" };
  expect(entriesOf([{ name: "Ada" }, { name: "Ada" }], settings).map(({ id }) => id)).toEqual(["1", "2"]);
});
