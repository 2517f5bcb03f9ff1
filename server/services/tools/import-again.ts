import { isDeepStrictEqual } from "node:util";
import { type ActionDefinition, actionEffect } from "@/flow/tools/schema";
import { db } from "@/server/db";
import type { ImportedTool } from "@/server/tools/imported-tool";
import { recordAudit } from "../audit/record";
import type { Caller } from "../authorize";
import { ServiceError } from "../errors";
import { MAX_ACTIONS } from "./check";
import { lockTool } from "./find";
import { actionColumns, type ToolSummary, toActionDefinition, toToolSummary } from "./types";
import { usersOf } from "./usage";

/** What importing a document once more does to the actions of its tool, by their keys. */
export interface ImportChanges {
  added: string[];
  changed: string[];
  unchanged: number;
  /** In the tool and not in the document: kept, unless the import says to delete them. */
  removed: { key: string; name: string; flows: string[] }[];
  /** The document's, where it is not the tool's. The tool keeps its own. */
  documentBaseUrl: string | null;
}

const BATCH = 250;

/**
 * Brings the tool that came from a document up to what the document says now. Name, address and authentication stay as they are
 * here, and actions keep their ids: flows, credentials and who has changed them count on that.
 * @throws ServiceError `not_found`, for another organization's tool too
 */
export function importAgain(
  caller: Caller,
  toolId: string,
  read: ImportedTool,
  { preview, removeMissing }: { preview: boolean; removeMissing: boolean },
): Promise<{ tool: ToolSummary; changes: ImportChanges }> {
  const { organizationId } = caller;
  return db().$transaction(
    async (tx) => {
      const tool = await lockTool(tx, organizationId, toolId);
      const rows = await tx.action.findMany({ where: { toolId, organizationId } });
      const stored = new Map(rows.map((row) => [row.key, { row, definition: toActionDefinition(row) }]));
      const wanted = new Set(read.actions.map(({ key }) => key));
      const added = read.actions.filter(({ key }) => !stored.has(key));
      const changed = read.actions.filter((action) => {
        const known = stored.get(action.key);
        return known !== undefined && !isDeepStrictEqual(comparable(known.definition), comparable(action));
      });
      const missing = rows.filter(({ key }) => !wanted.has(key));
      const users = missing.length > 0 ? await usersOf(tx, organizationId, tool.key) : [];
      const changes: ImportChanges = {
        added: added.map(({ key }) => key),
        changed: changed.map(({ key }) => key),
        unchanged: read.actions.length - added.length - changed.length,
        removed: missing.map(({ key, name }) => ({
          key,
          name,
          flows: users.filter(({ actions }) => actions.includes(key)).map((user) => user.name),
        })),
        documentBaseUrl: read.tool.baseUrl === tool.baseUrl ? null : read.tool.baseUrl,
      };
      if (preview) return { tool: toToolSummary(tool, rows.length), changes };

      const count = rows.length + added.length - (removeMissing ? missing.length : 0);
      if (count > MAX_ACTIONS) throw new ServiceError("invalid", `A tool can have ${MAX_ACTIONS} actions, and this would be ${count}`);
      const position = rows.reduce((highest, row) => Math.max(highest, row.position), -1) + 1;
      const created = added.map((action, index) => ({
        ...actionColumns(action),
        organizationId,
        toolId,
        effect: actionEffect(action),
        position: position + index,
        createdById: caller.userId,
      }));
      for (let start = 0; start < created.length; start += BATCH) {
        await tx.action.createMany({ data: created.slice(start, start + BATCH) });
      }
      for (const action of changed) {
        await tx.action.update({
          where: { id: stored.get(action.key)?.row.id ?? "" },
          data: { ...actionColumns(action), effect: actionEffect(action), version: { increment: 1 } },
        });
      }
      if (removeMissing) await tx.action.deleteMany({ where: { toolId, id: { in: missing.map(({ id }) => id) } } });
      // Operations of a document may be at another host than its first server.
      const allowedHosts = [...new Set([...tool.allowedHosts, ...read.tool.allowedHosts])];
      const saved = await tx.tool.update({ where: { id: toolId }, data: { allowedHosts, source: read.source } });
      const data = {
        name: tool.name,
        key: tool.key,
        source: read.source,
        added: added.length,
        changed: changed.length,
        removed: removeMissing ? missing.length : 0,
        allowedHosts,
      };
      await recordAudit(tx, caller, { action: "tool.importAgain", target: `tool:${toolId}`, data });
      return { tool: toToolSummary(saved, count), changes };
    },
    { timeout: 60_000 },
  );
}

/** As it comes back out of the database. */
const comparable = (action: ActionDefinition): unknown =>
  JSON.parse(JSON.stringify({ ...action, effect: actionEffect(action), deprecated: action.deprecated ?? false }));
