import type { Role } from "@/prisma/generated/enums";
import { db } from "@/server/db";
import { env } from "@/server/env";
import { newDeliveryId } from "@/server/execution/ids";
import { createAction } from "@/server/services/actions/create";
import type { ServiceContext } from "@/server/services/context";
import { createCredential } from "@/server/services/credentials/create";
import { publishFlow } from "@/server/services/flows/publish";
import { createTool } from "@/server/services/tools/create";
import { keepArrival } from "@/server/triggers/held-arrivals";
import { createInvitation } from "../services/invitations/create";
import { createWebhook } from "../services/webhooks/create";
import { hookGraph, recordExecution, twoStepGraph } from "./executions";
import { createApiKey, createFlow, createMember, createOrganization, memberContext, newApiKey } from "./factories";
import { signedInCookie } from "./sign-in";
import { copyTenantRows, readTenantRows, type TenantRows } from "./tenant-rows";

export const ROLES: readonly Role[] = ["viewer", "editor", "admin", "owner"];

/** An organization with one of everything, and a member of each role. */
export interface Tenant {
  organizationId: string;
  members: Record<Role, { userId: string; ctx: ServiceContext; cookie: string; apiKey: string }>;
  /** Someone to change: a viewer who does nothing else. */
  bystander: string;
  flowId: string;
  deletedFlowId: string;
  /** The webhook of another published flow. */
  triggerId: string;
  /** A call of it that is kept. */
  arrivalId: string;
  /** Ended, with the journal of its two nodes. */
  executionId: string;
  failedId: string;
  /** Under way. */
  runningId: string;
  /** Waits for a decision at `fields#0`. */
  waitingId: string;
  apiKeyId: string;
  toolId: string;
  toolKey: string;
  actionId: string;
  /** Of the tool, made by the owner. */
  credentialId: string;
  /** Open. */
  invitationId: string;
  /** Nothing listens at its address. */
  webhookId: string;
  /** A message to it that failed. */
  deliveryId: string;
}

/** What a tenant has before it is given what is sealed, or signed: the ids of its rows, and who its members are. */
type Ground = Omit<Tenant, "members" | "apiKeyId" | "credentialId" | "invitationId" | "webhookId" | "deliveryId"> & {
  userIds: Record<Role, string>;
};

/** The first of a database: others are copies of its rows. */
let first: { url: string; rows: TenantRows; ground: string } | null = null;

export async function createTenant(): Promise<Tenant> {
  const { userIds, ...ground } = await layGround();
  const { organizationId, toolId } = ground;
  const keys = ROLES.map((role) => newApiKey({ organizationId, role }));
  const cookies = await Promise.all(ROLES.map((role) => signedInCookie({ userId: userIds[role], organizationId })));
  const members = Object.fromEntries(
    ROLES.map((role, index) => {
      const ctx = memberContext({ organizationId, userId: userIds[role], role });
      return [role, { userId: userIds[role], ctx, cookie: cookies[index], apiKey: keys[index]?.key }];
    }),
  ) as Tenant["members"];
  const { ctx } = members.owner;
  const [credential, webhook, invitation, { apiKey }] = await Promise.all([
    createCredential({ ctx, input: { name: "Key of the tool", type: "api_key", fields: { api_key: "sk-1234567890abcdef" }, toolId } }),
    createWebhook({
      ctx,
      input: { name: "Webhook", url: "http://127.0.0.1:1/hook", eventTypes: ["flow.failed"], secret: "correct horse battery" },
    }),
    createInvitation({ ctx, input: {} }),
    createApiKey({ organizationId }),
    db().apiKey.createMany({ data: keys.map(({ data }) => data) }),
  ]);
  const delivery = await db().webhookDelivery.create({
    data: { id: newDeliveryId(), organizationId, webhookId: webhook.id, eventType: "flow.failed", payload: "{}", status: "failed" },
  });
  return {
    ...ground,
    members,
    apiKeyId: apiKey.id,
    credentialId: credential.id,
    invitationId: invitation.id,
    webhookId: webhook.id,
    deliveryId: delivery.id,
  };
}

async function layGround(): Promise<Ground> {
  const url = env().DATABASE_URL;
  if (first?.url === url) return JSON.parse((await copyTenantRows(first.rows))(first.ground));
  const ground = await makeGround();
  first = { url, rows: await readTenantRows(ground.organizationId), ground: JSON.stringify(ground) };
  return ground;
}

/** Through the services, where there is one. */
async function makeGround(): Promise<Ground> {
  const { id: organizationId } = await createOrganization();
  const userIds = {} as Ground["userIds"];
  for (const role of ROLES) userIds[role] = (await createMember({ organizationId, role })).member.userId;
  const bystander = await createMember({ organizationId, role: "viewer" });
  const ctx = memberContext({ organizationId, userId: userIds.owner, role: "owner" });
  const graph = twoStepGraph();
  const flow = await createFlow({ organizationId, graph });
  await publishFlow({ ctx, input: { id: flow.id } });
  const deleted = await createFlow({ organizationId, graph });
  await db().flow.update({ where: { id: deleted.id }, data: { deletedAt: new Date() } });

  const hook = await createFlow({ organizationId, graph: hookGraph() });
  const { triggers } = await publishFlow({ ctx, input: { id: hook.id } });
  const triggerId = triggers[0]?.id ?? "";
  const items = [{ json: { body: { n: 1 } } }];
  const arrivalId = await keepArrival({ organizationId, flowId: hook.id, triggerId, heldFor: "inactive", dedupeKey: null, items });

  const output = { outputs: [[{ json: { n: 1 } }]] };
  const steps = [
    { nodeId: "start", output },
    { nodeId: "fields", output, sources: [{ key: "start#0", output: 0 }] },
  ];
  const asks = { ...output, suspend: { kind: "event", event: "resume", form: "approval" } as const };
  const of = { organizationId, flowId: flow.id };
  const [ended, failed, running, waiting] = await Promise.all([
    recordExecution({ ...of, steps }),
    recordExecution({ ...of, steps, status: "failed" }),
    recordExecution({ ...of, status: "running" }),
    recordExecution({
      ...of,
      status: "waiting",
      steps: [
        { nodeId: "start", output },
        { nodeId: "fields", output: asks, status: "waiting" },
      ],
    }),
  ]);
  // Nothing may be reached there: calls of the action end with that.
  const tool = await createTool({ ctx, input: { name: `Tool ${organizationId}`, baseUrl: "http://127.0.0.1:1" } });
  const action = await createAction({ ctx, input: { toolId: tool.id, name: "Action", endpoint: "/" } });
  await db().oauthConfig.create({ data: { organizationId, key: tool.id, provider: "github", clientId: "client" } });
  await db().executionDecision.create({
    data: { executionId: waiting.id, organizationId, key: "start#0", nodeId: "start", attempt: 1, state: "asked", asked: 1 },
  });
  return {
    organizationId,
    userIds,
    bystander: bystander.member.userId,
    flowId: flow.id,
    deletedFlowId: deleted.id,
    triggerId,
    arrivalId: arrivalId ?? "",
    executionId: ended.id,
    failedId: failed.id,
    runningId: running.id,
    waitingId: waiting.id,
    toolId: tool.id,
    toolKey: tool.key,
    actionId: action.id,
  };
}

/** The same ids, none of which exists. */
export const nowhere = (tenant: Tenant): Tenant => ({
  ...tenant,
  organizationId: "org-nowhere",
  bystander: "user-nowhere",
  flowId: "flow-nowhere",
  deletedFlowId: "flow-nowhere",
  triggerId: "trigger-nowhere",
  arrivalId: "evt_nowhere",
  executionId: "exec_nowhere",
  failedId: "exec_nowhere",
  runningId: "exec_nowhere",
  waitingId: "exec_nowhere",
  apiKeyId: "key-nowhere",
  toolId: "tool-nowhere",
  toolKey: "tool-nowhere",
  credentialId: "cred_nowhere",
  invitationId: "invitation-nowhere",
  webhookId: "wh_nowhere",
  deliveryId: "whd_nowhere",
  actionId: "action-nowhere",
});
