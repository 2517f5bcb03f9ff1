import { expect, it } from "vitest";
import type { Json, JsonObject } from "@/flow/item";
import type { HttpRequest } from "@/flow/node/context";
import { pollForTest } from "../testing/poll";

const json = (value: unknown) => ({
  headers: { "content-type": "application/json" },
  body: new TextEncoder().encode(JSON.stringify(value)),
});

async function polls(parameters: JsonObject, ...answers: unknown[]) {
  let cursor: Json | null = null;
  const found: [string, JsonObject][][] = [];
  for (const answer of answers) {
    const result = await pollForTest("poll-http", {
      parameters: { url: "https://api.test/orders", ...parameters },
      cursor,
      http: () => json(answer),
    });
    cursor = result.cursor;
    found.push(result.events.map(({ id, item }) => [id, item.json]));
  }
  return found;
}

it("asks as it is told, with the credential", async () => {
  const requests: HttpRequest[] = [];
  await pollForTest("poll-http", {
    parameters: {
      url: "https://api.test/orders?a=1",
      query: [{ name: "since", value: 5 }, { name: "" }],
      headers: [{ name: "X-Team", value: "blue" }],
      authentication: "credential",
    },
    http: (request) => {
      requests.push(request);
      return json([]);
    },
  });
  expect(requests).toMatchObject([
    {
      method: "GET",
      url: "https://api.test/orders?a=1&since=5",
      headers: { accept: "application/json", "x-team": "blue" },
      credential: "credential",
    },
  ]);
});

it("gives the new entries of a list", async () => {
  expect(await polls({ listPath: "data" }, { data: [{ id: 1 }] }, { data: [{ id: 3 }, { id: 2 }, { id: 1 }] })).toEqual([
    [],
    [
      ["2", { id: 2 }],
      ["3", { id: 3 }],
    ],
  ]);
});

it("gives the changed ones, too, where it is asked to, by a field or by all that they say", async () => {
  const states = [[{ id: 1, at: "a", views: 1 }], [{ id: 1, at: "a", views: 2 }], [{ id: 1, at: "b", views: 2 }]] as const;
  expect((await polls({ mode: "changed", changeField: "at" }, ...states)).map((found) => found.map(([id]) => id))).toEqual([
    [],
    [],
    ["1#1"],
  ]);
  expect((await polls({ mode: "changed" }, ...states)).map((found) => found.map(([id]) => id))).toEqual([[], ["1#1"], ["1#2"]]);
  expect((await polls({}, ...states)).flat()).toEqual([]);
});

it("says what is wrong with an answer that holds no list", async () => {
  await expect(polls({}, { data: [] })).rejects.toThrow("The answer is not a list. There is one in: data");
  await expect(
    pollForTest("poll-http", { parameters: { url: "https://x.test" }, http: () => ({ body: new TextEncoder().encode("<html>") }) }),
  ).rejects.toThrow('The answer is not JSON; it begins with "<html>"');
  await expect(pollForTest("poll-http", { parameters: { url: "x" } })).rejects.toThrow('"x" is not a valid URL');
});
