import { afterAll, beforeAll, beforeEach } from "vitest";
import type { JsonObject } from "@/flow/item";
import { actionEffect } from "@/flow/tools/schema";
import { catalogTool } from "@/server/catalog";
import type { ExecutionOutcome } from "@/server/execution/engine";
import { handleRest } from "@/server/rest/handler";
import type { ActionAnswer } from "@/server/services/actions/execute";
import type { ServiceContext } from "@/server/services/context";
import { createCredential } from "@/server/services/credentials/create";
import { testCredential } from "@/server/services/credentials/test";
import { startExecution } from "@/server/services/executions/start";
import { createApiKey, createFlow, createMember } from "../factories";
import { lineOf, withRunningEngine } from "../with-running-engine";
import { withTestDatabase } from "../with-test-database";
import { type FakeService, fakeService, type ServiceAnswer, type ServiceRequest } from "./fake-service";
import { moveTool } from "./moved-catalog";

interface GivenCredential {
  type: "bearer" | "api_key" | "basic_auth" | "custom";
  fields: Record<string, string> | ((origin: string) => Record<string, string>);
}

/**
 * A tool of the catalog against a service on this machine, called as people call it: by the Action node of a flow and by the API.
 * The test file has to mock the catalog with `movedCatalog`.
 */
export function withCatalogTool(key: string, credential: GivenCredential, answer: (request: ServiceRequest) => ServiceAnswer) {
  let service: FakeService;
  let ctx: ServiceContext;
  let apiKey: string;
  let credentialId: string;
  withTestDatabase();
  beforeAll(async () => {
    process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
    service = await fakeService(answer);
    moveTool(key, service.origin);
  });
  const engine = withRunningEngine();
  const connect = async ({ type, fields }: GivenCredential): Promise<string> => {
    const values = typeof fields === "function" ? fields(service.origin) : fields;
    return (await createCredential({ ctx, input: { name: `Of ${key}`, type, fields: values, toolKey: key } })).id;
  };
  beforeAll(async () => {
    const { member, context } = await createMember({ role: "editor" });
    ctx = context;
    apiKey = (await createApiKey({ organizationId: member.organizationId, role: "editor" })).key;
    credentialId = await connect(credential);
  });
  beforeEach(() => void service.seen.splice(0));
  afterAll(() => service.close());

  return {
    /** What the service was asked in this test. */
    get seen() {
      return service.seen;
    },
    get origin() {
      return service.origin;
    },
    /** An editor. */
    get ctx() {
      return ctx;
    },
    /** Runs a flow whose Action node calls the action, once for each item. */
    async run(
      action: string,
      inputs: JsonObject,
      { items, ...parameters }: JsonObject & { items?: Parameters<typeof startExecution>[0]["input"]["items"] } = {},
    ): Promise<ExecutionOutcome> {
      const tool = await catalogTool(key);
      const found = tool?.actions.find((each) => each.key === action);
      if (!tool || !found) throw new Error(`There is no action ${key}.${action}`);
      const given = { tool: key, action, auth: tool.auth.type, effect: actionEffect(found), inputs, ...parameters };
      return this.runNode("action", given, items);
    },
    /** Runs a flow whose node of a type uses the tool's credential. */
    async runNode(
      type: string,
      parameters: JsonObject,
      items?: Parameters<typeof startExecution>[0]["input"]["items"],
    ): Promise<ExecutionOutcome> {
      const line = lineOf({ Start: { type: "manual-trigger" }, Call: { type, parameters } });
      const graph = {
        ...line,
        nodes: line.nodes.map((node) => (node.name === "Call" ? { ...node, credentials: { tool: { id: credentialId } } } : node)),
      };
      const flow = await createFlow({ organizationId: ctx.actor.organizationId, graph });
      const { executionId } = await startExecution({ ctx, input: { flowId: flow.id, ...(items && { items }) } });
      return engine.outcome(executionId);
    },
    /** `POST /actions/:id/execute`, as a client of the API does. */
    async call(action: string, inputs: JsonObject): Promise<{ status: number; answer: ActionAnswer }> {
      const response = await handleRest(
        new Request(`http://localhost:3000/api/v1/actions/${key}.${action}/execute`, {
          method: "POST",
          headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
          body: JSON.stringify({ inputs, credentialId }),
        }),
      );
      return { status: response.status, answer: (await response.json()) as ActionAnswer };
    },
    /** What the credential test button says; of another credential when one is given. */
    async test(other?: GivenCredential): Promise<{ ok: boolean; message: string }> {
      const { ok, message } = await testCredential({ ctx, input: { id: other ? await connect(other) : credentialId } });
      return { ok, message };
    },
  };
}
