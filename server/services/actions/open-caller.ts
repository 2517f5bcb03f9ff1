import { CREDENTIAL_TYPES } from "@/flow/credentials/types";
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
  /** Slot that requests name; undefined without a credential. */
  slot: string | undefined;
}

const SLOT = "tool";

/**
 * The client for one call of a tool, with the credential that is named or the only one that the tool has.
 * @throws ServiceError `not_found`, or `invalid` when the tool needs a credential and it is not clear which.
 */
export async function openCaller(
  caller: Caller,
  tool: ToolDefinition & { id: string | null },
  { credentialId, isNeeded }: { credentialId: string | null; isNeeded: boolean },
): Promise<ActionCaller> {
  const http = sharedHttpClient();
  if (credentialId === null && !isNeeded) {
    return { client: http, fields: async () => null, redact: (value) => value, used: null, slot: undefined };
  }
  const { credential, access } = await openForTool(caller, tool, credentialId, http);
  const user = {
    name: tool.name,
    credentials: { [SLOT]: { id: credential.id } },
    slots: [{ name: SLOT, tool: tool.key, types: [...CREDENTIAL_TYPES], required: true }],
  };
  return {
    client: access.clientFor(user),
    fields: () => access.fields(user, SLOT),
    redact: (value) => access.redact(value),
    used: credential.name,
    slot: SLOT,
  };
}
