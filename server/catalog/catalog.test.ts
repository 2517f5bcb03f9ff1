import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { accountFieldsOf } from "@/flow/credentials/account-fields";
import { CREDENTIAL_FIELDS } from "@/flow/credentials/fields";
import type { Json, JsonObject } from "@/flow/item";
import { type ActionRequest, accountFields, buildActionRequest } from "@/flow/tools/build-request";
import { checkAction, checkTool } from "@/flow/tools/check-action";
import type { ActionParameter } from "@/flow/tools/input-schema";
import { placeholdersIn } from "@/flow/tools/render";
import { type ActionDefinition, actionSchema, type CatalogTool, toolSchema } from "@/flow/tools/schema";
import { validateInputs } from "@/flow/tools/validate-inputs";
import { catalogEntries, catalogTool } from ".";
import { EXAMPLES } from "./testing/examples";

const NONCE = "0";
const FILE = { bytes: new TextEncoder().encode("‹bytes›"), fileName: "report.pdf", mimeType: "application/pdf" };

/** A value that an input takes, made from what its schema says. */
function exampleOf({ name, type, default: fallback, options, validation = {}, schema }: ActionParameter): Json {
  if (fallback !== undefined) return fallback;
  switch (type) {
    case "string":
      if (validation.email) return "ada@example.com";
      if (validation.url) return "https://example.com/";
      return `‹${name}›`;
    case "number":
      return validation.min ?? validation.max ?? 1;
    case "boolean":
      return true;
    case "enum":
      return options?.[0] ?? "";
    case "array": {
      const item = schema?.items as JsonObject | undefined;
      return [item?.type === "object" ? {} : item?.type === "array" ? [`‹${name}›`] : item?.type === "number" ? 1 : `‹${name}›`];
    }
    case "object":
      return { key: `‹${name}›` };
  }
}

const inputsOf = (tool: CatalogTool, action: ActionDefinition, which: (parameter: ActionParameter) => boolean): JsonObject => {
  const own: JsonObject = { ...EXAMPLES[`${tool.key}.*`], ...EXAMPLES[`${tool.key}.${action.key}`] };
  return Object.fromEntries(
    action.inputSchema.filter(which).map((parameter) => [parameter.name, own[parameter.name] ?? exampleOf(parameter)]),
  );
};

function build(tool: CatalogTool, action: ActionDefinition, inputs: JsonObject): ActionRequest {
  const checked = validateInputs(action.inputSchema, inputs);
  expect(checked.issues, `${action.key}: ${JSON.stringify(checked.issues)}`).toBeUndefined();
  const files = Object.fromEntries(
    action.inputSchema.flatMap(({ name, control }) => (control === "file" && inputs[name] !== undefined ? [[name, FILE]] : [])),
  );
  const account = Object.fromEntries(accountFields(tool).map((name) => [name, `${name.replaceAll("_", "-")}.example.com`]));
  return buildActionRequest({ tool, action, inputs: checked.inputs ?? {}, account, files, nonce: NONCE });
}

/** Mail in the form that Gmail wants is nothing that a person reads. */
const mailAsLines = (key: string, value: unknown): unknown =>
  key === "raw" && typeof value === "string" && !value.startsWith("‹")
    ? Buffer.from(value, "base64url").toString("utf8").split("\r\n")
    : value;

/** The request as a person reads it: encoded text decoded, and secrets by the names of their fields. */
function shown({ method, url, headers, body, credentialFields = {} }: ActionRequest): string {
  const secrets = (text: string): string =>
    Object.entries(credentialFields).reduce((shownText, [token, field]) => shownText.replaceAll(token, `{{${field}}}`), text);
  const [path = "", query] = url.split("?");
  const lines = [`${method} ${decodeURIComponent(path)}`];
  for (const pair of query?.split("&") ?? []) lines.push(`  ? ${decodeURIComponent(pair.replaceAll("+", " "))}`);
  for (const [name, value] of Object.entries(headers)) if (name !== "accept") lines.push(`  ${name}: ${value}`);
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  if (text !== undefined) {
    const isJson = /json/.test(headers["content-type"] ?? "") && !/multipart/.test(headers["content-type"] ?? "");
    const isForm = /x-www-form-urlencoded/.test(headers["content-type"] ?? "");
    const readable = isJson
      ? JSON.stringify(JSON.parse(text), mailAsLines, 2)
      : isForm
        ? decodeURIComponent(text).replaceAll("&", "\n")
        : text;
    lines.push(
      ...readable
        .replaceAll("\r", "")
        .split("\n")
        .map((line) => `  | ${line}`),
    );
  }
  return secrets(lines.join("\n"));
}

const tools = await Promise.all(catalogEntries().map(async ({ key }) => [key, (await catalogTool(key)) as CatalogTool] as const));

describe.each(tools)("%s in the catalog", (key, tool) => {
  test("is a valid tool under its own name, with words for people", () => {
    const entry = catalogEntries().find((each) => each.key === key);
    expect(entry).toMatchObject({ key: tool.key, name: tool.name, icon: tool.icon, description: tool.description });
    expect(toolSchema.safeParse(tool).error).toBeUndefined();
    expect(checkTool(tool)).toEqual([]);
    expect(tool.description?.length ?? 0).toBeGreaterThan(20);
    expect(tool.actions.length).toBeGreaterThanOrEqual(5);
    expect(new Set(tool.actions.map((action) => action.key)).size).toBe(tool.actions.length);
    expect(new Set(tool.actions.map((action) => `${action.group} ${action.name}`)).size).toBe(tool.actions.length);
  });

  test("has a call that tries a credential, changes nothing and needs no more than is said", () => {
    const action = tool.actions.find((each) => each.key === tool.test?.action);
    expect(action, `no action "${tool.test?.action}"`).toBeDefined();
    expect(validateInputs(action?.inputSchema ?? [], tool.test?.inputs ?? {}).issues).toBeUndefined();
  });

  test("has a form for what its credentials hold beside their secrets", () => {
    const known = Object.values(CREDENTIAL_FIELDS).flatMap((fields) => fields.map(({ name }) => name));
    const asked = accountFieldsOf(key).map(({ name }) => name);
    expect(asked).toEqual(accountFields(tool).filter((name) => !known.includes(name)));
  });

  test("asks for the scopes that its actions need", () => {
    const granted = new Set(tool.auth.type === "oauth2" ? (tool.auth.scopes ?? []) : []);
    for (const action of tool.actions) for (const scope of action.scopes ?? []) expect(granted, action.key).toContain(scope);
    if (tool.auth.type === "oauth2") expect(granted.size).toBeGreaterThan(0);
  });

  test.each(tool.actions.map((action) => [action.key, action] as const))("%s is whole", (_, action) => {
    expect(actionSchema.safeParse(action).error).toBeUndefined();
    expect(checkAction(action, tool)).toEqual([]);
    expect(action.sample, "a response sample").toBeDefined();
    expect(action.group, "a group").toBeTruthy();
    for (const { name, label, description, type, options } of action.inputSchema) {
      expect(label, `${name} has a label`).toBeTruthy();
      if (type === "object" || type === "array") expect(description, `${name} says what to give`).toBeTruthy();
      if (type === "enum") expect(new Set(options).size, name).toBe(options?.length);
    }
    // An input that nothing names would be asked for and never sent; without a body described, all are sent.
    if (action.body !== undefined || action.bodyType !== undefined) {
      const named = new Set([...action.endpoint.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]));
      for (const value of [action.endpoint, action.headers, action.query, action.body ?? null]) {
        for (const { placeholder } of placeholdersIn(value, "")) if (placeholder.root === "inputs") named.add(placeholder.path[0]);
      }
      for (const attachments of JSON.stringify(action.body ?? null).matchAll(/"attachments":\[([^\]]*)\]/g)) {
        for (const [, name] of (attachments[1] ?? "").matchAll(/"([^"]+)"/g)) named.add(name);
      }
      expect(action.inputSchema.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
    }
    // What is required is enough.
    build(
      tool,
      action,
      inputsOf(tool, action, (parameter) => parameter.required),
    );
  });

  test("makes the requests that the service documents", async () => {
    const requests = tool.actions.map(
      (action) =>
        `# ${action.name} (${action.key})\n${shown(
          build(
            tool,
            action,
            inputsOf(tool, action, () => true),
          ),
        )}`,
    );
    await expect(`${requests.join("\n\n")}\n`).toMatchFileSnapshot(`./testing/requests/${key}.txt`);
  });
});

test("Names and keys in the catalog are there once, in the order of the alphabet", () => {
  const names = catalogEntries().map(({ name }) => name);
  expect(new Set(catalogEntries().map(({ key }) => key)).size).toBe(names.length);
  expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, "en")));
});

test("Nothing of a tool is read before somebody uses it", () => {
  const source = readFileSync(join(import.meta.dirname, "index.ts"), "utf8");
  expect(source.match(/^import .*"\.\/.*$/gm)).toBeNull();
  expect(source.match(/await import\(/g)).toHaveLength(catalogEntries().length);
});
