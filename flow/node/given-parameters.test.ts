import { expect, it } from "vitest";
import { z } from "zod";
import type { GraphNode } from "../graph/schema";
import { defineNode } from "./define-node";
import { givenParameters } from "./given-parameters";

const definition = defineNode({
  type: "fetch",
  version: 1,
  name: "Fetch",
  description: "",
  category: "data",
  icon: "globe",
  parameters: z.object({
    url: z.string().default(""),
    limit: z.number().default(50),
    mode: z.enum(["all", "one"]).default("all"),
    list: z.array(z.string()).default(["a"]),
  }),
  inputs: [],
  outputs: [],
  effect: "pure",
});

const node = (more: Partial<GraphNode>): GraphNode => ({
  id: "n",
  name: "N",
  type: "fetch",
  version: 1,
  position: { x: 0, y: 0 },
  parameters: {},
  ...more,
});

it("fills in what a node leaves to its defaults, once", () => {
  const fetch = node({ parameters: { url: "=https://{{ $json.host }}" } });
  const given = givenParameters(definition, fetch);
  expect(given).toEqual({ url: "=https://{{ $json.host }}", limit: 50, mode: "all", list: ["a"] });
  expect(givenParameters(definition, fetch)).toBe(given);
  expect(fetch.parameters).toEqual({ url: "=https://{{ $json.host }}" });
});

it("keeps an import's own names and words, and adds what means the same", () => {
  const imported = { version: 2, parameters: { mode: "everything", options: { deep: true } } };
  expect(givenParameters(definition, node({ parameters: { url: "x", mode: "one" }, imported }))).toEqual({
    url: "x",
    limit: 50,
    mode: "everything",
    options: { deep: true },
  });
  expect(givenParameters(definition, node({ imported: { version: 1, parameters: {} } }))).not.toHaveProperty("mode");
});

it("gives what stands there for a kind of node that is not known", () => {
  expect(givenParameters(undefined, node({ parameters: { a: 1 } }))).toEqual({ a: 1 });
});
