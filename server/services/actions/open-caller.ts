import type { HttpClient } from "@/flow/node/context";
import type { ToolDefinition } from "@/flow/tools/schema";
import { sharedHttpClient } from "@/server/http/shared-client";
import type { Caller } from "../authorize";
import { openForTool } from "../credentials/open-for";

/** With what a person's call of an action goes out. */
export interface ActionCaller {
  client: HttpClient;
  /** Fields of the credential; null without one. */
  fields(): Promise<Record<string, string> | null>;
  /** Takes what the credential supplied out of an answer. */
  redact<T>(value: T): T;
  /** Name of the credential. */
  used: string | null;
}

const SLOT = "tool";

/**
 * The client for one call of a tool with one of its credentials.
 * @throws ServiceError `invalid` when the tool needs a credential and none can be used, `not_found` for one that is none of its own.
 */
export async function openCaller(
  caller: Caller,
  tool: ToolDefinition & { id: string },
  credentialId: string | null,
): Promise<ActionCaller> {
  const http = sharedHttpClient();
  if (credentialId === null && tool.auth.type === "none") {
    return { client: http, fields: async () => null, redact: (value) => value, used: null };
  }
  const { credential, access } = await openForTool(caller, tool, credentialId, http);
  const user = {
    name: tool.name,
    credentials: { [SLOT]: { id: credential.id } },
    slots: [{ name: SLOT, label: tool.name, types: [], required: true }],
  };
  const client = access.clientFor(user);
  return {
    client: { request: (request, signal) => client.request({ ...request, credential: SLOT }, signal) },
    fields: () => access.fields(user, SLOT),
    redact: (value) => access.redact(value),
    used: credential.name,
  };
}
