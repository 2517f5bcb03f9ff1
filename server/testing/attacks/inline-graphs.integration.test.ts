import { beforeAll, describe, expect, test } from "vitest";
import type { Graph } from "@/flow/graph/schema";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { env } from "@/server/env";
import type { ServiceContext } from "@/server/services/context";
import { createCredential } from "@/server/services/credentials/create";
import { shareCredential } from "@/server/services/credentials/share";
import { startExecution } from "@/server/services/executions/start";
import { createFlow } from "@/server/services/flows/create";
import { duplicateFlow } from "@/server/services/flows/duplicate";
import { saveDraft } from "@/server/services/flows/save-draft";
import { createMember } from "@/server/testing/factories";
import { eventually, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";

withTestDatabase();
withRunningEngine();

let editor: ServiceContext;
let admin: ServiceContext;
let secretId: string;
let ownId: string;
let foreignId: string;

beforeAll(async () => {
  expect(env().HTTP_ALLOWLIST).toEqual([]);
  const { member, context } = await createMember({ role: "admin" });
  admin = context;
  ({ context: editor } = await createMember({ organizationId: member.organizationId, role: "editor" }));
  const credential = (ctx: ServiceContext) =>
    createCredential({
      ctx,
      input: { name: "Key", type: "bearer", fields: { token: "correct horse" }, allowedHosts: ["http://127.0.0.1:1"] },
    });
  secretId = (await credential(admin)).id;
  await shareCredential({ ctx: admin, input: { id: secretId, minRole: "admin" } });
  ownId = (await credential(editor)).id;
  foreignId = (await credential((await createMember({ role: "owner" })).context)).id;
});

/** A flow that calls something with a credential, to be brought along by another. */
const calling = (id: string): Graph => {
  const graph = lineOf({
    In: { type: "flow-trigger" },
    Call: { type: "http-request", parameters: { url: "http://127.0.0.1:1/", authentication: "credential" } },
  });
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node.name === "Call" ? { ...node, credentials: { credential: { id, name: "Key" } } } : node)),
  };
};
const bringing = (flowJson: unknown): Graph =>
  lineOf({ Start: { type: "manual-trigger" }, Run: { type: "execute-flow", parameters: { source: "json", flowJson } as JsonObject } });
/** As a graph, as text, and in a graph that is brought along itself. */
const FORMS: Record<string, (graph: Graph) => unknown> = {
  object: (graph) => graph,
  text: (graph) => JSON.stringify(graph),
  "in another": (graph) => ({
    ...bringing(graph),
    nodes: bringing(graph).nodes.map((node) => (node.name === "Start" ? { ...node, type: "flow-trigger" } : node)),
  }),
};

async function failureOf(graph: Graph, item: JsonObject = {}): Promise<string> {
  const { id } = await createFlow({ ctx: editor, input: { graph } });
  await startExecution({ ctx: editor, input: { flowId: id, items: [{ json: item }] } });
  const [first] = await eventually(
    () => db().execution.findMany({ where: { flowId: id }, orderBy: { createdAt: "desc" } }),
    (rows) => rows.length > 0 && rows.every(({ status }) => status === "failed"),
  );
  return first?.error ?? "";
}

describe.each(Object.entries(FORMS))("a credential in a graph that a step brings along as %s", (_, form) => {
  test("is refused where whoever saves may not use it", async () => {
    for (const id of [secretId, foreignId, "cred_nowhere"]) {
      const flow = await createFlow({ ctx: editor, input: { graph: lineOf({ Start: { type: "manual-trigger" } }) } });
      const graph = bringing(form(calling(id)));
      await expect(saveDraft({ ctx: editor, input: { id: flow.id, graph, revision: 1 } })).rejects.toThrow(
        /does not exist, or you may not use it/,
      );
    }
  });

  test("is left out of what comes from elsewhere", async () => {
    for (const id of [secretId, foreignId]) {
      const created = await createFlow({ ctx: editor, input: { graph: bringing(form(calling(id))) } });
      const copy = await duplicateFlow({ ctx: editor, input: { id: created.id } });
      const rows = await db().flow.findMany({ where: { id: { in: [created.id, copy.id] } } });
      expect(rows).toHaveLength(2);
      expect(JSON.stringify(rows.map(({ draft }) => draft))).not.toContain(id);
      expect(await failureOf(bringing(form(calling(id))))).toContain("credential");
    }
  });

  test("works where they may", async () => {
    // It gets as far as the address, which nothing may reach.
    expect(await failureOf(bringing(form(calling(ownId))))).toContain("Requests to 127.0.0.1:1 are not allowed");
  });
});

test("a graph that arrives with an item uses no credential at all", async () => {
  for (const id of [secretId, ownId, foreignId]) {
    const failure = await failureOf(bringing("={{ $json.flow }}"), { flow: calling(id) as unknown as JsonObject });
    expect(failure).toContain("Choose");
    expect(failure).not.toContain("Requests to");
  }
});
