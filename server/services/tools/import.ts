import { z } from "zod";
import { actionEffect, baseUrlSchema, toolAuthSchema } from "@/flow/tools/schema";
import { isCatalogKey } from "@/server/catalog";
import { db } from "@/server/db";
import { sharedHttpClient } from "@/server/http/shared-client";
import { importTool as readTool } from "@/server/tools/import-tool";
import type { ImportedTool, ImportProblem } from "@/server/tools/imported-tool";
import { MAX_DOCUMENT_LENGTH } from "@/server/tools/read-document";
import { recordAudit } from "../audit/record";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, line, parse } from "../parse";
import { assertTool, MAX_TOOLS } from "./check";
import { findTool } from "./find";
import { type ImportChanges, importAgain } from "./import-again";
import { freeKey, keyFromName } from "./key";
import { actionColumns, type ToolSummary, toToolSummary } from "./types";

export const importToolSchema = z
  .object({
    /** An OpenAPI document in JSON or YAML, a Postman collection, or a `curl` command. */
    content: z.string().max(MAX_DOCUMENT_LENGTH, "is too large").optional(),
    /** Where such a document is. */
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    name: line(200).optional(),
    /** In place of the document's server. */
    baseUrl: baseUrlSchema.optional(),
    auth: toolAuthSchema.optional(),
    /** A tool that came from an earlier state of the document: it is brought up to date instead of a new one being made. */
    toolId: idSchema.optional(),
    /** Of such a tool, deletes the actions that the document does not have. */
    removeMissing: z.boolean().default(false),
    /** Says what would come of it, and changes nothing. */
    preview: z.boolean().default(false),
  })
  .refine(({ content, url }) => (content === undefined) !== (url === undefined), {
    path: ["content"],
    message: "send either content or a url",
  });

/** What an import gave, or would give. */
export interface ToolImport {
  /** Null for a preview. */
  tool: ToolSummary | null;
  source: ImportedTool["source"];
  name: string;
  baseUrl: string;
  authType: string;
  /** Operations of the document, and how many became actions. */
  found: number;
  imported: number;
  actions: { key: string; name: string; method: string; endpoint: string; group: string | null; inputs: number }[];
  problems: ImportProblem[];
  /** What becomes of the actions of a tool that was there before; null for a new tool. */
  changes: ImportChanges | null;
  /** Milliseconds. */
  duration: number;
}

const FETCH_TIMEOUT_MS = 60_000;
/** Rows of one statement. */
const BATCH = 250;

/**
 * Registers an API from its description: one tool, and an action for each operation that can be called. What can't be taken
 * is told, operation by operation.
 * @throws ServiceError `invalid` when nothing of the document can be taken.
 */
export async function importTool({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof importToolSchema> }): Promise<ToolImport> {
  const caller = authorize(ctx, "editor");
  const { content, url, name, baseUrl, auth, preview, toolId, removeMissing } = parse(importToolSchema, input);
  if (toolId !== undefined) await findTool(db(), caller.organizationId, toolId);
  const started = performance.now();
  const read = await readTool(content ?? (await fetchDocument(url ?? "")), { sourceUrl: url, baseUrl });
  const given = { ...read.tool, ...(name && { name }), ...(auth && { auth }) };
  assertTool(given);
  const again = toolId === undefined ? null : await importAgain(caller, toolId, read, { preview, removeMissing });
  const tool = preview ? null : (again?.tool ?? (await store(caller, read, given)));
  return {
    tool,
    source: read.source,
    name: given.name,
    baseUrl: given.baseUrl,
    authType: given.auth.type,
    found: read.found,
    imported: read.actions.length,
    actions: read.actions.map(({ key, name: title, method, endpoint, group, inputSchema }) => ({
      key,
      name: title,
      method,
      endpoint,
      group: group ?? null,
      inputs: inputSchema.length,
    })),
    problems: read.problems,
    changes: again?.changes ?? null,
    duration: Math.round(performance.now() - started),
  };
}

async function fetchDocument(url: string): Promise<string> {
  try {
    const response = await sharedHttpClient().request({
      method: "GET",
      url,
      headers: { accept: "application/json, application/yaml, text/yaml, text/plain, */*;q=0.5" },
      timeoutMs: FETCH_TIMEOUT_MS,
      maxResponseBytes: MAX_DOCUMENT_LENGTH,
    });
    if (response.status >= 400) throw new Error(`it answered ${response.status} ${response.statusText}`.trim());
    return new TextDecoder().decode(response.body);
  } catch (error) {
    const message = `The document can't be fetched: ${error instanceof Error ? error.message : "no answer"}`;
    throw new ServiceError("invalid", message, { issues: [{ field: "url", message, code: "fetch" }] });
  }
}

type Caller = ReturnType<typeof authorize>;

const store = (caller: Caller, read: ImportedTool, given: ImportedTool["tool"]): Promise<ToolSummary> =>
  db().$transaction(
    async (tx) => {
      const { organizationId } = caller;
      await tx.$queryRaw`select id from organization where id = ${organizationId} for update`;
      const keys = new Set((await tx.tool.findMany({ where: { organizationId }, select: { key: true } })).map(({ key }) => key));
      if (keys.size >= MAX_TOOLS)
        throw new ServiceError("invalid", `An organization can have ${MAX_TOOLS} tools. Delete one that is not used.`);
      const tool = await tx.tool.create({
        data: {
          organizationId,
          key: freeKey(keyFromName(given.name, "tool"), (key) => keys.has(key) || isCatalogKey(key)),
          name: given.name,
          description: given.description ?? null,
          baseUrl: given.baseUrl,
          auth: given.auth,
          allowedHosts: given.allowedHosts,
          source: read.source,
          createdById: caller.userId,
        },
      });
      const rows = read.actions.map((action, position) => ({
        ...actionColumns(action),
        organizationId,
        toolId: tool.id,
        effect: actionEffect(action),
        position,
        createdById: caller.userId,
      }));
      for (let start = 0; start < rows.length; start += BATCH) await tx.action.createMany({ data: rows.slice(start, start + BATCH) });
      const data = { name: tool.name, key: tool.key, source: read.source, actions: rows.length };
      await recordAudit(tx, caller, { action: "tool.import", target: `tool:${tool.id}`, data });
      return toToolSummary(tool, rows.length);
    },
    { timeout: 60_000 },
  );
