import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../item";
import { exportFlow, flowFileText } from "./export";
import { type FlowFile, flowFileSchema } from "./schema";

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
// `__proto__` can be a key of JSON, but never one of a flow: reading it drops it.
const parameters = fc.dictionary(
  fc.string().filter((key) => key !== "__proto__"),
  json.filter((value) => !JSON.stringify(value).includes("__proto__")),
  { maxKeys: 5 },
);

const node = fc.record(
  {
    id: fc.uuid(),
    name: fc.string({ minLength: 1, maxLength: 200 }),
    type: fc.constantFrom("set", "http-request", "of-a-plugin"),
    version: fc.integer({ min: 1, max: 9 }),
    position: fc.record({ x: fc.integer(), y: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    parameters,
    settings: fc.record(
      {
        alwaysOutputData: fc.boolean(),
        executeOnce: fc.boolean(),
        onError: fc.constantFrom("stop" as const, "continue" as const, "errorOutput" as const),
        retry: fc.record({
          maxAttempts: fc.integer({ min: 1, max: 20 }),
          waitMs: fc.nat(86_400_000),
          backoff: fc.constantFrom("fixed" as const, "exponential" as const),
        }),
      },
      { requiredKeys: [] },
    ),
    disabled: fc.boolean(),
    notes: fc.string(),
    pinned: fc.array(fc.record({ json: parameters }), { maxLength: 3 }),
    credentials: fc.dictionary(fc.constantFrom("httpBasicAuth", "slackApi"), fc.record({ name: fc.string() })),
  },
  { requiredKeys: ["id", "name", "type", "version", "position", "parameters"] },
);

const flow = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 200 }),
    graph: fc.record({
      nodes: fc.array(node, { maxLength: 6 }),
      edges: fc.array(
        fc.record({
          id: fc.uuid(),
          source: fc.uuid(),
          sourceHandle: fc.constantFrom("main", "true"),
          target: fc.uuid(),
          targetHandle: fc.constant("main"),
        }),
      ),
      settings: fc.record({ timezone: fc.constant("Europe/Berlin"), maxVisits: fc.integer({ min: 1, max: 1000 }) }, { requiredKeys: [] }),
      variables: parameters,
    }),
  })
  .map((value) => flowFileSchema.parse(JSON.parse(JSON.stringify(value))));

describe("exporting a flow", () => {
  it("loses nothing: what is read back is the same flow", () => {
    fc.assert(
      fc.property(flow, (given: FlowFile) => {
        expect(flowFileSchema.parse(JSON.parse(flowFileText(given)))).toEqual(given);
      }),
    );
  });

  it("gives the same text whatever the order of keys was", () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, entry]) => [key, shuffled(entry)]),
      );
    };
    fc.assert(
      fc.property(flow, (given) => {
        expect(flowFileText(shuffled(given) as FlowFile)).toBe(flowFileText(given));
      }),
    );
  });

  it("puts a node's parts in the order in which one reads them", () => {
    const given = flowFileSchema.parse({
      graph: {
        edges: [],
        nodes: [{ parameters: { z: 1, a: { y: 1, b: 2 } }, position: { x: 1, y: 2 }, type: "set", name: "Set", id: "n" }],
      },
      name: "Flow",
    });
    expect(JSON.stringify(exportFlow(given))).toBe(
      '{"name":"Flow","graph":{"nodes":[{"id":"n","name":"Set","type":"set","version":1,"position":{"x":1,"y":2},"parameters":{"a":{"b":2,"y":1},"z":1}}],"edges":[],"settings":{},"variables":{}}}',
    );
  });
});
