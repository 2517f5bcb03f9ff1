import { expect, it } from "vitest";
import { batchesOf, checkFound } from "./found";

const events = (...ids: string[]) => ids.map((id) => ({ id, item: { json: { id } } }));

it("takes each id once, the latest of two, in order", () => {
  const twice = [...events("a", "b"), { id: "a", item: { json: { id: "again" } } }];
  expect(checkFound({ events: twice, cursor: 1 })).toEqual({
    events: [{ id: "a", item: { json: { id: "again" } } }, ...events("b")],
    cursor: "1",
  });
});

it("keeps ids that no index could hold as their hash, always the same", () => {
  const long = "x".repeat(400);
  const ids = checkFound({ events: events(long, "a\u0000b"), cursor: null }).events.map(({ id }) => id);
  expect(ids).toEqual(checkFound({ events: events(long, "a\u0000b"), cursor: null }).events.map(({ id }) => id));
  for (const id of ids) expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
});

it("refuses what is no event, too many, and a cursor that is too large", () => {
  expect(() => checkFound({ events: [{ id: "", item: { json: {} } }], cursor: null })).toThrow("an event that is none");
  expect(() => checkFound({ events: events(...Array.from({ length: 10_001 }, String)), cursor: null })).toThrow("at most 10000");
  expect(() => checkFound({ events: [], cursor: "x".repeat(2 ** 20) })).toThrow("have to remember");
});

it("makes one batch of all that is new, or one of each, with a key that follows from the ids", () => {
  expect(batchesOf([], "batch", 1)).toEqual([]);
  const [whole, ...others] = batchesOf(events("a", "b"), "batch", 1);
  expect(others).toEqual([]);
  expect(JSON.parse(whole?.items ?? "")).toEqual([{ json: { id: "a" } }, { json: { id: "b" } }]);
  expect(batchesOf(events("a", "b"), "batch", 1)[0]?.key).toBe(whole?.key);
  expect(batchesOf(events("a", "c"), "batch", 1)[0]?.key).not.toBe(whole?.key);
  expect(batchesOf(events("a", "b"), "batch", 2)[0]?.key).not.toBe(whole?.key);
  expect(batchesOf(events("a", "b"), "event", 3).map(({ key }) => key)).toEqual(["poll:3:a", "poll:3:b"]);
});
