import { createHash } from "node:crypto";
import { z } from "zod";
import { db } from "@/server/db";
import { sharedHttpClient } from "@/server/http/shared-client";
import { browserHash } from "@/server/oauth/browser-binding";
import { beginAuthorization, type OAuthClient, OAuthFailure, requestOwnTokens } from "@/server/oauth/client";
import { clientOf } from "@/server/oauth/load-client";
import { UnreadableSecretError } from "@/server/secrets/envelope";
import { seal } from "@/server/secrets/seal";
import { authorize, type Caller, hasRole } from "../authorize";
import type { ServiceContext } from "../context";
import { newCredentialId } from "../credentials/create";
import { hostsSchema } from "../credentials/fields";
import { findManageable } from "../credentials/find";
import { ServiceError } from "../errors";
import { idSchema, line, parse, storable } from "../parse";
import { configFor, configSubject } from "./config-key";
import { countedFlow } from "./counted-flow";
import { storeConnection } from "./store-connection";

export const beginOAuthSchema = storable(
  z.object({
    /** A provider, or the id or key of a tool. */
    provider: z.string().min(1).max(200),
    /** The credential to connect again, or to give more scopes; a new one otherwise. */
    credentialId: idSchema.nullish(),
    name: line(200).optional(),
    /** Beside those of the configuration. */
    scopes: z.array(z.string().min(1).max(300)).max(200).default([]),
    /** Where the tokens may go, beside the provider's and the tool's own hosts. */
    allowedHosts: hostsSchema.default([]),
  }),
);

/** What becomes of the tokens once they are there; kept with the state. */
export const connectionSchema = z.object({
  credentialId: z.string(),
  isNew: z.boolean(),
  name: z.string(),
  toolId: z.string().nullable(),
  toolKey: z.string().nullable(),
  scopes: z.array(z.string()),
  allowedHosts: z.array(z.string()),
});
export type Connection = z.infer<typeof connectionSchema>;

export type BegunOAuth =
  | { url: string; state: string; credentialId: null }
  /** The organization's own access: connected already. */
  | { url: null; state: null; credentialId: string };

const STATE_MS = 10 * 60_000;

export const stateHash = (state: string): string => createHash("sha256").update(state).digest("hex");
export const verifierOwner = (organizationId: string, hash: string): string => `oauth-state:${organizationId}:${hash}`;

/**
 * Begins to connect an account: gives the address at which a person allows it. The state in it counts once, for ten minutes, for
 * this caller in this organization, and in this browser alone. What a program begins is bound to its API key, which it sends with
 * the answer; it has no browser, and sees to it itself that the person whom it sends there is the one who comes back.
 * @throws ServiceError `not_found`, `conflict` when the organization has no client at the provider
 */
export async function beginOAuth({
  ctx,
  input,
  browser,
}: {
  ctx: ServiceContext;
  input: z.input<typeof beginOAuthSchema>;
  /** What the browser gets as a cookie with the answer (`newBrowserBinding`); it is needed for a person. */
  browser: string | null;
}): Promise<BegunOAuth> {
  const caller = authorize(ctx, "editor");
  const { provider, credentialId, name, scopes, allowedHosts } = parse(beginOAuthSchema, input);
  const { organizationId } = caller;
  const subject = await configSubject(db(), organizationId, provider);
  const config = await configFor(db(), organizationId, subject);
  if (!config) {
    const what = subject.tool?.name ?? subject.key;
    throw new ServiceError(
      "conflict",
      `The organization has no OAuth client for ${what} yet. An admin sets one up under Credentials, OAuth clients.`,
    );
  }
  const before = credentialId ? await findManageable(db(), caller, credentialId) : null;
  if (before && before.type !== "oauth2") throw new ServiceError("conflict", `"${before.name}" is no OAuth credential.`);
  return readable(async () => {
    const client = await clientOf(config, sharedHttpClient());
    const wanted = [...new Set([...client.scopes, ...(subject.tool?.scopes ?? []), ...(before?.scopes ?? []), ...scopes])];
    const connection: Connection = {
      credentialId: before?.id ?? newCredentialId(),
      isNew: before === null,
      name: name ?? before?.name ?? `${subject.tool?.name ?? client.provider.name} account`,
      toolId: before ? before.toolId : (subject.tool?.id ?? null),
      toolKey: before ? before.toolKey : (subject.tool?.key ?? null),
      scopes: wanted,
      allowedHosts: [
        ...new Set([...(before?.allowedHosts ?? []), ...client.provider.hosts, ...(subject.tool?.hosts ?? []), ...allowedHosts]),
      ],
    };
    if (client.grant === "client_credentials") return connectOwn(caller, client, connection);
    if (caller.userId !== null && browser === null) throw new ServiceError("internal", "A person connects an account in a browser.");
    const { url, state, verifier } = await beginAuthorization(client, wanted);
    const hash = stateHash(state);
    await db().oauthState.deleteMany({ where: { expiresAt: { lt: new Date() } } });
    await db().oauthState.create({
      data: {
        hash,
        organizationId,
        actor: caller.name,
        browserHash: caller.userId !== null && browser !== null ? browserHash(browser) : null,
        configKey: config.key,
        request: connection,
        verifier: seal(verifier, verifierOwner(organizationId, hash)),
        expiresAt: new Date(Date.now() + STATE_MS),
      },
    });
    return { url, state, credentialId: null };
  });
}

/** Whoever connects may say where the tokens go and read them: those of a person are their own, these are the organization's. */
async function connectOwn(caller: Caller, client: OAuthClient, connection: Connection): Promise<BegunOAuth> {
  if (!hasRole(caller.role, "admin"))
    throw new ServiceError("forbidden", `${client.provider.name} is connected for the whole organization: an admin or owner does that.`);
  return countedFlow(caller.organizationId, async (is) => {
    is(client.provider.key);
    const tokens = await requestOwnTokens(client, connection.scopes, sharedHttpClient());
    const { credentialId } = await storeConnection(caller, client, connection, tokens);
    return { url: null, state: null, credentialId };
  });
}

/** A provider's refusal is told to the person, and is no fault of ours. */
export async function readable<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof OAuthFailure || (error instanceof Error && error.name === "GrantEndedError")) {
      throw new ServiceError("conflict", `The provider did not agree: ${error.message}`, { cause: error });
    }
    if (error instanceof UnreadableSecretError) {
      throw new ServiceError("conflict", `The OAuth client's secret cannot be opened. ${error.message}.`, { cause: error });
    }
    throw error;
  }
}
