import { expect, test } from "vitest";
import { CancelledError } from "../execution/errors";
import { eachItem } from "./each-item";

const contextOf = (count: number, signal = new AbortController().signal) => ({
  items: Array.from({ length: count }, () => ({ json: {} })),
  signal,
});
const busy = (milliseconds: number) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

test("short work is done at once, in order", () => {
  const seen: number[] = [];
  expect(eachItem(contextOf(1000), (index) => void seen.push(index))).toBeUndefined();
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, index) => index));
});

test("long work lets others have their turn, and loses no item", async () => {
  const seen: number[] = [];
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  await eachItem(contextOf(12), (index) => {
    seen.push(index);
    busy(30);
  });
  clearInterval(other);
  expect(seen).toHaveLength(12);
  expect(turns).toBeGreaterThanOrEqual(4);
});

test("work that waits goes on in order, and what it throws comes out", async () => {
  const seen: number[] = [];
  const working = eachItem(contextOf(5), async (index) => {
    await Promise.resolve();
    seen.push(index);
    if (index === 3) throw new Error("the fourth");
  });
  await expect(working).rejects.toThrow("the fourth");
  expect(seen).toEqual([0, 1, 2, 3]);
});

test("a cancellation ends long work between two items", async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const working = eachItem(contextOf(100, stop.signal), (index) => {
    seen.push(index);
    busy(60);
    if (index === 1) stop.abort(new CancelledError());
  });
  await expect(working).rejects.toBeInstanceOf(CancelledError);
  expect(seen.length).toBeLessThan(5);
});
