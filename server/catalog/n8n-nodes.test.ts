import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { importN8n } from "@/flow/n8n/import";
import { actionEffect, isRepeatableAction } from "@/flow/tools/schema";
import { definitionOf } from "@/nodes/catalog";
import { catalogTool } from ".";

const FOLDER = join(import.meta.dirname, "testing/n8n");
const services = readdirSync(FOLDER).flatMap((name) => (name.endsWith(".json") ? [name.replace(/\.json$/, "")] : []));
const imported = (service: string) => importN8n(JSON.parse(readFileSync(join(FOLDER, `${service}.json`), "utf8")));

/** Nodes that call actions, and triggers that watch what they list. */
const CALLING = ["action", "action-trigger"];
/** Nodes of ours for one service. */
const OWN = ["google-sheets"];
const isExpression = (value: unknown): boolean => typeof value === "string" && value.startsWith("=");

describe.each(services)("n8n's nodes for %s", (service) => {
  const { flow, report } = imported(service);
  const actions = flow.graph.nodes.filter(({ type }) => CALLING.includes(type));

  test("name actions that there are, with inputs that they have, and keep their credential", async () => {
    expect(actions.length).toBeGreaterThan(2);
    for (const { name, type, parameters, credentials } of actions) {
      const { tool: key, action: actionKey, auth, repeatable = false, inputs, details } = parameters as JsonObject & { inputs: JsonObject };
      const effect = type === "action" ? parameters.effect : "read";
      if (details !== undefined) {
        const found = (await catalogTool(String(key)))?.actions.find((each) => each.key === details);
        expect(
          found?.inputSchema.map((parameter) => parameter.name),
          name,
        ).toEqual(expect.arrayContaining([parameters.detailsInput, ...Object.keys(parameters.detailsInputs as JsonObject)]));
      }
      const tool = await catalogTool(String(key));
      const action = tool?.actions.find((each) => each.key === actionKey);
      if (!tool || !action) throw new Error(`${name}: there is no ${key}.${actionKey}`);
      expect({ auth, effect }, name).toEqual({ auth: tool.auth.type, effect: actionEffect(action) });
      if (repeatable) expect(isRepeatableAction(action), name).toBe(true);
      expect(Object.keys(credentials ?? {}), name).toEqual(["tool"]);
      const known = new Map(action.inputSchema.map((parameter) => [parameter.name, parameter]));
      for (const [input, value] of Object.entries(inputs)) {
        const parameter = known.get(input);
        expect(parameter, `${name}: ${actionKey} has no input ${input}`).toBeDefined();
        if (isExpression(value)) continue;
        if (parameter?.type === "enum") expect(parameter.options, `${name}: ${input}`).toContain(value);
        if (parameter?.type === "array") expect(Array.isArray(value), `${name}: ${input}`).toBe(true);
        if (parameter?.type === "object") expect(typeof value, `${name}: ${input}`).toBe("object");
        if (parameter?.type === "number") expect(Number.isFinite(Number(value)), `${name}: ${input}`).toBe(true);
        if (parameter?.type === "boolean") expect(typeof value, `${name}: ${input}`).toBe("boolean");
      }
      for (const parameter of action.inputSchema) {
        if (parameter.required && parameter.default === undefined) expect(inputs, `${name}: ${actionKey}`).toHaveProperty(parameter.name);
      }
    }
  });

  test("have parameters that the node of the service has, and its credential", () => {
    for (const { name, type, parameters, credentials } of flow.graph.nodes.filter((node) => OWN.includes(node.type))) {
      const definition = definitionOf(type);
      for (const parameter of Object.keys(parameters)) expect(Object.keys(definition?.parameters.shape ?? {}), name).toContain(parameter);
      const fixed = Object.fromEntries(Object.entries(parameters).filter(([, value]) => !isExpression(value)));
      expect(definition?.parameters.safeParse(fixed).error, name).toBeUndefined();
      expect(Object.keys(credentials ?? {}), name).toEqual(["tool"]);
    }
  });

  test("become what is written here, and the report says what does not", async () => {
    const lines = flow.graph.nodes.map(({ name, type, parameters }, index) => {
      const { tool, action, auth: _auth, inputs, returnAll, maxPages, reason, ...rest } = parameters as JsonObject;
      const calls = CALLING.includes(type);
      const what = calls ? `${tool}.${action}${returnAll ? ` (all pages, ${maxPages ?? 100} at most)` : ""}` : String(reason ?? type);
      const issues = report.issues
        .filter(({ node }) => node === name)
        .map(({ severity, field, message }) => `  ! ${severity}: ${field ? `${field}: ` : ""}${message}`);
      const isOwn = OWN.includes(type) || definitionOf(type)?.trigger;
      const shown = { ...(calls && (inputs as JsonObject)), ...(isOwn && rest) };
      const said = Object.entries(shown).map(([input, value]) => `  ${input}: ${JSON.stringify(value)}`);
      return [`${index + 1}. ${what}`, ...said, ...issues].join("\n");
    });
    await expect(`${lines.join("\n\n")}\n`).toMatchFileSnapshot(`./testing/n8n/${service}.txt`);
  });
});
