import { describe, expect, it } from "vitest";
import { catalog, definitionOf } from "@/nodes/catalog";
import { isKnownIcon } from "../node-icon";
import { subtitleOf } from "./subtitle";

const subtitle = (type: string, parameters: Parameters<typeof subtitleOf>[1]) => {
  const definition = definitionOf(type);
  if (!definition) throw new Error(`no ${type}`);
  return subtitleOf(definition, parameters);
};

describe("a node's subtitle", () => {
  it("says what a request asks", () => {
    expect(subtitle("http-request", { method: "POST", url: "https://api.example.com/orders" })).toBe("POST api.example.com/orders");
    expect(subtitle("http-request", { url: "={{ $json.url }}" })).toBe("GET {{ $json.url }}");
    expect(subtitle("http-request", {})).toBe("");
  });

  it("counts what a list holds and reads out the first condition", () => {
    expect(subtitle("set", { fields: [{ name: "a" }, { name: "b" }] })).toBe("2 fields");
    const condition = { leftValue: "={{ $json.total }}", operator: { type: "number", operation: "gte" }, rightValue: 200 };
    expect(subtitle("if", { conditions: { conditions: [condition] } })).toBe("total ≥ 200");
    expect(subtitle("if", { conditions: { conditions: [condition, condition] } })).toBe("total ≥ 200 +1");
    expect(subtitle("if", {})).toBe("");
  });

  it("shows labels, not stored values, and stays one short line", () => {
    expect(subtitle("imap-trigger", { mailbox: "Orders" })).toBe("Orders");
    expect(subtitle("wait", { resume: "approval" })).toBe("When somebody approves");
    expect(subtitle("http-request", { url: `https://x.test/${"long/".repeat(40)}` }).length).toBeLessThanOrEqual(60);
  });

  it("can be made for every kind of node as it is placed", () => {
    for (const definition of catalog) expect(subtitleOf(definition, {})).toBeTypeOf("string");
  });
});

describe("icons", () => {
  it("are there for every kind of node", () => {
    expect(catalog.filter((definition) => !isKnownIcon(definition.icon)).map((definition) => definition.icon)).toEqual([]);
  });
});
