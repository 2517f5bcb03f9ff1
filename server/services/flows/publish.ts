import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { GraphIssue } from "@/flow/graph/validate";
import { type Db, db } from "@/server/db";
import { missingSecrets, registerPublishedTriggers } from "@/server/triggers/registration";
import { recordAudit } from "../audit/record";
import { authorize, type Caller } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";
import { actionInputIssues } from "./action-inputs";
import { assertPublishable, refuseErrors } from "./check-graph";
import { findFlow, lockFlow, storedGraph } from "./find";
import { flowReferenceIssues } from "./flow-references";
import { flowIdSchema } from "./get";
import { listTriggers } from "./triggers";
import type { FlowTrigger } from "./types";

export interface PublishedFlow {
  id: string;
  version: number;
  active: boolean;
  triggers: FlowTrigger[];
  /** Warnings; errors refuse the publish. */
  issues: GraphIssue[];
}

/**
 * Makes the draft the version that triggers run. The first publish also activates the flow; later ones leave the switch
 * as it is. A draft equal to the published version gives no new one.
 * @throws ServiceError `invalid` naming node, field and reason.
 */
export async function publishFlow({ ctx, input }: { ctx: ServiceContext; input: z.input<typeof flowIdSchema> }): Promise<PublishedFlow> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(flowIdSchema, input);
  return db().$transaction((tx) => publishIn(tx, caller, id));
}

/** `publishFlow` within a transaction that has written the draft. */
export async function publishIn(tx: Db, caller: Caller, id: string): Promise<PublishedFlow> {
  await lockFlow(tx, caller.organizationId, id);
  const flow = await findFlow(tx, caller.organizationId, id);
  const graph = storedGraph(flow.draft);
  const issues = [
    ...assertPublishable(graph),
    ...refuseErrors(await flowReferenceIssues(tx, caller.organizationId, graph)),
    ...refuseErrors(await actionInputIssues(tx, caller.organizationId, graph)),
  ];

  const latest = await tx.flowVersion.findFirst({ where: { flowId: id }, orderBy: { version: "desc" } });
  const unchanged = latest !== null && latest.version === flow.publishedVersion && isDeepStrictEqual(latest.graph, flow.draft);
  const version = unchanged ? latest.version : (latest?.version ?? 0) + 1;
  const active = flow.publishedVersion === null || flow.active;
  if (!unchanged) {
    await tx.flowVersion.create({
      data: { organizationId: caller.organizationId, flowId: id, version, graph, createdById: caller.userId },
    });
    await tx.flow.update({ where: { id }, data: { publishedVersion: version, active } });
    await registerPublishedTriggers(tx, flow, graph);
    await recordAudit(tx, caller, { action: "flow.publish", target: `flow:${id}`, data: { version } });
  }
  const warnings = [...issues, ...(await missingSecrets(tx, id, graph))];
  return { id, version, active, triggers: await listTriggers(tx, { id, active }, graph), issues: warnings };
}
