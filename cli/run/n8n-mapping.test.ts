import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { importN8n } from "@/flow/n8n/import";
import { mappedTypes } from "@/flow/n8n/nodes";
import { checkParameters } from "@/flow/node/parameters";
import { definitionOf } from "@/nodes/catalog";

const FIXTURES = path.join(import.meta.dirname, "../../flow/n8n/fixtures");
const workflows = readdirSync(FIXTURES)
  .filter((file) => file.endsWith(".json"))
  .map((file) => {
    const { workflow } = JSON.parse(readFileSync(path.join(FIXTURES, file), "utf8")) as { workflow: { nodes: { type: string }[] } };
    return [file.slice(0, -5), workflow] as const;
  });
/** Nodes of services become actions; what exactly is looked at beside the catalog. */
const SERVICES = path.join(import.meta.dirname, "../../server/catalog/testing/n8n");
const services = readdirSync(SERVICES)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(path.join(SERVICES, file), "utf8")) as { nodes: { type: string }[] });
const imported = workflows.map(([name, workflow]) => [name, importN8n(workflow)] as const);

/** What expected failures are about. */
const WITH_PLACEHOLDERS = ["disabled-placeholder", "pinned-data", "read-pdf-legacy", "unknown-node"];

describe.each(imported)("%s", (name, { flow, report }) => {
  it("becomes parameters that the definitions know, by name and by value", () => {
    for (const node of flow.graph.nodes) {
      const definition = definitionOf(node.type);
      if (!definition) throw new Error(`"${node.name}" became a "${node.type}", which is in no catalog`);
      expect(Object.keys(definition.parameters.shape), node.name).toEqual(expect.arrayContaining(Object.keys(node.parameters)));
      expect(checkParameters(definition, node.parameters), node.name).toEqual([]);
    }
  });

  it("reports nothing as missing that is not", () => {
    if (WITH_PLACEHOLDERS.includes(name)) expect(report.nodes.placeholders).toBe(1);
    else expect(report.issues.filter(({ severity }) => severity === "missing")).toEqual([]);
  });
});

it("is tried with every kind of node that has a mapping", () => {
  const types = new Set([...workflows.map(([, workflow]) => workflow), ...services].flatMap(({ nodes }) => nodes.map(({ type }) => type)));
  expect(mappedTypes.filter((type) => !types.has(type))).toEqual([]);
});
