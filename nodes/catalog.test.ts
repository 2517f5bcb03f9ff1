import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { effectOf, inputHandles, outputHandles } from "@/flow/node/define-node";
import { checkParameters, parseParameters } from "@/flow/node/parameters";
import { catalog, definitionOf } from "./catalog";
import { executors } from "./executors";
import { createNodeRegistry } from "./registry";

const ROOT = dirname(import.meta.dirname);

/** Files that a module reaches by static imports of our own. */
function staticClosure(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const source = readFileSync(entry, "utf8").replace(/import type [^;]*;/g, "");
  for (const match of source.matchAll(/(?:import|export)\s[^"';]*?from\s*"([^"]+)"/g)) {
    const name = match[1] as string;
    if (!name.startsWith(".") && !name.startsWith("@/")) continue;
    const path = name.startsWith("@/") ? join(ROOT, name.slice(2)) : join(dirname(entry), name);
    staticClosure(`${path}.ts`, seen);
  }
  return seen;
}

describe("the catalog", () => {
  it("has exactly one executor for each type, and one folder", async () => {
    const types = catalog.map(({ type }) => type).sort();
    expect(new Set(types).size).toBe(types.length);
    expect(Object.keys(executors).sort()).toEqual(types);
    const folders = readdirSync(join(ROOT, "nodes"), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name !== "testing",
    );
    expect(folders.map(({ name }) => name).sort()).toEqual(types);
    const registry = createNodeRegistry();
    for (const type of types) expect(typeof (await registry.executor(type)), type).toBe("function");
  });

  it("gives an executor without a promise once it is loaded", async () => {
    const registry = createNodeRegistry();
    const first = registry.executor("set");
    expect(first).toBeInstanceOf(Promise);
    expect(registry.executor("set")).toBe(first);
    await first;
    expect(typeof registry.executor("set")).toBe("function");
    expect(() => registry.executor("toString")).toThrow('no node of type "toString"');
  });

  it("reaches no executor and nothing of Node by static import, so that browsers can load it", () => {
    const files = [...staticClosure(join(ROOT, "nodes", "catalog.ts"))].map((file) => relative(ROOT, file));
    expect(files.filter((file) => file.endsWith("definition.ts"))).toHaveLength(catalog.length);
    expect(files.filter((file) => /executor|^server/.test(file))).toEqual([]);
    for (const file of files) expect(readFileSync(join(ROOT, file), "utf8"), file).not.toMatch(/from "(node:|undici)/);
  });

  it("keeps raw network, processes and files out of every node", () => {
    const sources = readdirSync(join(ROOT, "nodes"), { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
    );
    expect(sources.length).toBeGreaterThan(30);
    for (const file of sources) {
      const source = readFileSync(join(ROOT, "nodes", file), "utf8");
      expect(source, file).not.toMatch(
        /from "(node:)?(http|https|net|tls|dgram|dns|child_process|worker_threads|fs|fs\/promises|vm)"|from "undici"|(?<![\w.])fetch\(/,
      );
    }
  });
});

describe.each(catalog.map((definition) => [definition.type, definition] as const))("%s", (type, definition) => {
  it("is valid as it is dropped on the canvas", () => {
    expect(definitionOf(type)).toBe(definition);
    expect(() => parseParameters(definition, {})).not.toThrow();
    // What has to be filled in is asked for when the node is to run, not when it is placed.
    expect(checkParameters(definition, {}).filter(({ code }) => code !== "required")).toEqual([]);
    // What the form would save of the defaults is valid, too.
    const defaults = JSON.parse(JSON.stringify(definition.parameters.parse({})));
    expect(checkParameters(definition, defaults).filter(({ field, code }) => field !== "methods" && code !== "required")).toEqual([]);
  });

  it("has a form: a JSON schema in which every field has a title", () => {
    const schema = z.toJSONSchema(definition.parameters, { io: "input" });
    expect(schema.type).toBe("object");
    expect(schema.required ?? []).toEqual([]);
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      expect((field as { title?: string }).title, name).toBeTruthy();
      const { showIf } = ((field as { ui?: { showIf?: Record<string, unknown[]> } }).ui ?? {}) as { showIf?: Record<string, unknown[]> };
      for (const sibling of Object.keys(showIf ?? {})) expect(schema.properties, `${name} depends on ${sibling}`).toHaveProperty(sibling);
    }
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it("says what it is, and which ports it has, whatever is in its parameters", () => {
    expect(definition.name && definition.description && definition.icon).toBeTruthy();
    const odd: JsonObject[] = [
      {},
      { rules: 5, numberInputs: "x", mode: 1 },
      { rules: "={{ [] }}", numberOutputs: "={{ 3 }}", mode: "expression" },
      { numberInputs: 1e9 },
    ];
    for (const parameters of odd) {
      const names = [...inputHandles(definition, parameters), ...outputHandles(definition, { parameters })].map((handle) => handle.name);
      for (const name of names) expect(name).toMatch(/^[a-z]+\d*$/);
      expect(names.length).toBeLessThan(60);
      expect(["pure", "read", "write"]).toContain(effectOf(definition, parameters));
    }
    // A note on the canvas has neither.
    const isolated = inputHandles(definition, {}).length + outputHandles(definition, { parameters: {} }).length === 0;
    if (!isolated) expect(definition.trigger === undefined).toBe(inputHandles(definition, {}).length > 0);
  });
});
