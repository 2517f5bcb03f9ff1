import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { maskFields } from "@/flow/credentials/fields";
import { FatalError } from "@/flow/execution/errors";
import type { Credential } from "@/prisma/generated/client";
import type { PreparingClient } from "../credentials/authorized-client";
import { secretsOf } from "../credentials/inject";
import { type OpenCredential, openCredential } from "../credentials/open";
import { Redactor } from "../credentials/redactor";
import { db } from "../db";
import { patiently } from "../execution/patience";
import { logger } from "../logger";
import { metrics } from "../metrics/metrics";
import { embeddedSecretStore, type SecretFields } from "../secrets/secret-store";
import { endGrant } from "../services/credentials/end-grant";
import { GrantEndedError, renewTokens, type TokenSet } from "./client";
import { loadOAuthClient } from "./load-client";

/** Tokens are renewed so long before they expire. */
const EARLY_MS = 5 * 60_000;
/** A token that is about to be renewed still serves others for as long as this remains of it. */
const USABLE_MS = 30_000;
/** How long one process may take for a refresh: longer than its requests take before they give up. */
const LEASE_MS = 45_000;
const WAIT_MS = 60_000;

// Bundles of one process share their flights.
const holder = globalThis as unknown as { tolstoyRefreshes?: Map<string, Promise<OpenCredential>> };
const flights = (): Map<string, Promise<OpenCredential>> => {
  holder.tolstoyRefreshes ??= new Map();
  return holder.tolstoyRefreshes;
};

export interface RefreshOptions {
  http: PreparingClient;
  /** The version whose token was refused: this one is not good enough, whatever its expiry says. */
  refused?: number;
}

const left = (row: Pick<Credential, "tokenExpiresAt">): number =>
  row.tokenExpiresAt ? row.tokenExpiresAt.getTime() - Date.now() : Number.POSITIVE_INFINITY;

const needsRefresh = (row: Credential, refused: number | undefined): boolean =>
  refused === undefined ? left(row) < EARLY_MS : row.version === refused;

/** The token of a row that is at hand serves: asked before anything is waited for. */
export const isFresh = (row: Credential): boolean => row.status === "active" && left(row) >= EARLY_MS;

/**
 * An OAuth credential with a token that can be used now. However many ask at once, here and in other processes, the provider is
 * asked once: the row carries a lease while somebody refreshes, and no connection is held meanwhile.
 * @throws FatalError when somebody has to connect again; Error for what may pass
 */
export function freshToken(id: string, organizationId: string, options: RefreshOptions): Promise<OpenCredential> {
  const slot = `${organizationId} ${id} ${options.refused ?? ""}`;
  let flight = flights().get(slot);
  if (!flight) {
    flight = refreshed(id, organizationId, options).finally(() => flights().delete(slot));
    flights().set(slot, flight);
  }
  return flight;
}

async function refreshed(id: string, organizationId: string, { http, refused }: RefreshOptions): Promise<OpenCredential> {
  const deadline = Date.now() + WAIT_MS;
  for (let pause = 40; ; pause = Math.min(pause * 1.6, 1000)) {
    const row = await patiently(() => db().credential.findFirst({ where: { id, organizationId } }));
    if (!row) throw new FatalError("The credential does not exist any more. Choose another one");
    if (row.status !== "active") throw mustReconnect(row);
    if (!needsRefresh(row, refused)) return openCredential(row);
    const opened = await openCredential(row);
    if (!canRenew(opened)) {
      if (left(row) > 0) return opened;
      await patiently(() => endGrant(row, "Its access token has expired, and the provider gave no refresh token"));
      throw mustReconnect(row);
    }
    const lease = await takeLease(row);
    if (lease) return renew(row, opened, lease, http);
    if (refused === undefined && left(row) > USABLE_MS) return opened;
    if (Date.now() > deadline)
      throw new Error(`The token of the credential "${row.name}" is being refreshed elsewhere and does not get ready`);
    await sleep(pause * (0.5 + Math.random()));
  }
}

const canRenew = ({ fields }: OpenCredential): boolean =>
  fields.refresh_token !== undefined || fields.grant === "client_credentials" || fields.grant === "exchange";

async function takeLease(row: Credential): Promise<string | null> {
  const leaseId = randomUUID();
  const { count } = await patiently(() => {
    const now = new Date();
    // A lease of this id is one whose answer was lost.
    return db().credential.updateMany({
      where: { id: row.id, version: row.version, status: "active", OR: [{ leaseUntil: null }, { leaseUntil: { lt: now } }, { leaseId }] },
      data: { leaseId, leaseUntil: new Date(now.getTime() + LEASE_MS) },
    });
  });
  return count === 1 ? leaseId : null;
}

async function renew(row: Credential, old: OpenCredential, leaseId: string, http: PreparingClient): Promise<OpenCredential> {
  const mine = { id: row.id, leaseId, version: row.version };
  let provider = "unknown";
  const count = (status: "success" | "error") => metrics.tokenRefreshes.add({ orgId: row.organizationId, provider, status });
  try {
    const client = await loadOAuthClient(row.organizationId, row.provider ?? "", http);
    provider = client.provider.key;
    const tokens = await renewTokens(
      client,
      { accessToken: old.fields.access_token ?? "", refreshToken: old.fields.refresh_token ?? null, scopes: row.scopes },
      http,
    );
    const changes = await tokenColumns({ organizationId: row.organizationId, credentialId: row.id }, tokens, old.fields);
    // The provider may not take the former refresh token any more: this one must not be lost.
    const { count: written } = await patiently(() =>
      db().credential.updateMany({
        where: mine,
        data: { ...changes, version: { increment: 1 }, leaseId: null, leaseUntil: null },
      }),
    );
    const stored = await patiently(() => db().credential.findFirst({ where: { id: row.id, organizationId: row.organizationId } }));
    if (!stored) throw new FatalError("The credential does not exist any more. Choose another one");
    count("success");
    if (written === 0) logger.warn({ credentialId: row.id }, "a refreshed token came too late: the credential was changed meanwhile");
    return openCredential(stored);
  } catch (error) {
    count("error");
    await patiently(() => db().credential.updateMany({ where: mine, data: { leaseId: null, leaseUntil: null } }));
    if (error instanceof GrantEndedError) {
      // A provider may quote what it was sent.
      const redactor = new Redactor();
      redactor.add(secretsOf(old));
      const said = redactor.redact(error.message);
      await patiently(() => endGrant(row, said));
      throw mustReconnect(row);
    }
    // The provider may answer again before the token has expired.
    if (left(row) > USABLE_MS && !(error instanceof FatalError)) {
      logger.warn({ err: error, credentialId: row.id }, "a token could not be refreshed yet");
      return old;
    }
    throw error;
  }
}

/** What of a credential's row follows from new tokens. What the provider did not say stays as it was. */
export async function tokenColumns(
  owner: { organizationId: string; credentialId: string },
  tokens: TokenSet,
  old: SecretFields,
): Promise<{ secret: string; masked: SecretFields; tokenExpiresAt: Date | null; scopes?: string[] }> {
  const refreshToken = tokens.refreshToken ?? old.refresh_token;
  const { refresh_token: _, ...kept } = old;
  const fields: SecretFields = {
    ...kept,
    access_token: tokens.accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  };
  return {
    secret: await embeddedSecretStore.put(owner, fields),
    masked: maskFields("oauth2", fields),
    tokenExpiresAt: tokens.expiresAt,
    ...(tokens.scopes && { scopes: tokens.scopes }),
  };
}

const mustReconnect = ({ name }: Credential): FatalError =>
  new FatalError(
    `The credential "${name}" has to be connected again: the provider does not accept it any more. Open Credentials and reconnect it.`,
  );
