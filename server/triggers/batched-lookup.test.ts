import { expect, test } from "vitest";
import { batchedLookup } from "./batched-lookup";

/** Answers when told to. */
function slowSource() {
  const asked: { ids: string[]; answer: () => void; fail: () => void }[] = [];
  const lookup = batchedLookup(
    (ids) =>
      new Promise<Map<string, string>>((resolve, reject) => {
        const answer = () => resolve(new Map(ids.filter((id) => id !== "unknown").map((id) => [id, `${id}!`])));
        asked.push({ ids, answer, fail: () => reject(new Error("away")) });
      }),
  );
  return { asked, lookup };
}

test("whoever comes alone is asked for at once", async () => {
  const { asked, lookup } = slowSource();
  const answer = lookup("a");
  await expect.poll(() => asked.length).toBe(1);
  asked[0]?.answer();
  expect(await answer).toBe("a!");
});

test("whoever comes while a question is out shares the next one, each id once", async () => {
  const { asked, lookup } = slowSource();
  const first = lookup("a");
  await expect.poll(() => asked.length).toBe(1);
  const rest = Promise.all([lookup("b"), lookup("a"), lookup("b"), lookup("unknown")]);
  asked[0]?.answer();
  expect(await first).toBe("a!");
  await expect.poll(() => asked.length).toBe(2);
  expect(asked[1]?.ids).toEqual(["b", "a", "unknown"]);
  asked[1]?.answer();
  expect(await rest).toEqual(["b!", "a!", "b!", undefined]);
});

test("a question that fails fails for those who asked it, and the next one is asked", async () => {
  const { asked, lookup } = slowSource();
  const first = lookup("a");
  first.catch(() => {});
  await expect.poll(() => asked.length).toBe(1);
  const second = lookup("b");
  asked[0]?.fail();
  await expect(first).rejects.toThrow("away");
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.answer();
  expect(await second).toBe("b!");
  const third = lookup("c");
  await expect.poll(() => asked.length).toBe(3);
  asked[2]?.answer();
  expect(await third).toBe("c!");
});
