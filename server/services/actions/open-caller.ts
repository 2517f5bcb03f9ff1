import type { HttpClient } from "@/flow/node/context";
import type { ToolDefinition } from "@/flow/tools/schema";
import { sharedHttpClient } from "@/server/http/shared-client";
import type { Caller } from "../authorize";
import { ServiceError } from "../errors";

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

/**
 * The client for one call of a tool with one of its credentials.
 * @throws ServiceError `invalid` when the tool needs a credential and none can be used.
 */
export async function openCaller(
  _caller: Caller,
  tool: ToolDefinition & { id: string },
  credentialId: string | null,
): Promise<ActionCaller> {
  if (credentialId !== null || tool.auth.type !== "none") {
    throw new ServiceError("invalid", `Connect a credential for ${tool.name} first`);
  }
  return { client: sharedHttpClient(), fields: async () => null, redact: (value) => value, used: null };
}
