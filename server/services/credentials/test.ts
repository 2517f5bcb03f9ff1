import { z } from "zod";
import { catalogTool } from "@/server/catalog";
import { requestWith } from "@/server/credentials/authorized-client";
import { secretsOf } from "@/server/credentials/inject";
import { openCredential } from "@/server/credentials/open";
import { Redactor } from "@/server/credentials/redactor";
import { db } from "@/server/db";
import { sharedHttpClient } from "@/server/http/shared-client";
import { freshToken } from "@/server/oauth/refresh";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse } from "../parse";
import { findCredential } from "./find";
import { testKind } from "./test-kind";
import { tryTool } from "./test-tool";
import { type CredentialTest, mayUse } from "./types";

export const testCredentialSchema = z.object({ id: idSchema });

const TIMEOUT_MS = 20_000;

/** Tries whether a credential works, by the request that its settings or its tool name, and keeps the outcome. */
export async function testCredential({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof testCredentialSchema>;
}): Promise<CredentialTest> {
  const caller = authorize(ctx, "editor");
  const { id } = parse(testCredentialSchema, input);
  const row = await findCredential(db(), caller, id);
  if (!mayUse(caller, row))
    throw new ServiceError("forbidden", `The credential "${row.name}" is for those with the role "${row.minRole}" only.`);
  const redactor = new Redactor();
  const outcome = await attempt().catch((error: unknown) => ({
    ok: false,
    message: redactor.redact(error instanceof Error ? error.message : "It does not work"),
  }));
  const result: CredentialTest = { ...outcome, at: new Date().toISOString() };
  await db().credential.updateMany({ where: { id, organizationId: caller.organizationId }, data: { lastTest: { ...result } } });
  return result;

  async function attempt(): Promise<{ ok: boolean; message: string }> {
    const http = sharedHttpClient();
    const credential = row.type === "oauth2" ? await freshToken(id, caller.organizationId, { http }) : await openCredential(row);
    redactor.add(secretsOf(credential));
    const { test } = credential.settings;
    const ready = !test && row.toolKey && row.toolId === null ? await catalogTool(row.toolKey) : null;
    if (ready?.test) return tryTool(ready, credential, { redactor, http });
    const tried = test ? null : await testKind(credential, redactor);
    if (tried) return tried;
    if (!test) {
      return row.type === "oauth2"
        ? { ok: true, message: "The provider's access token is valid" }
        : { ok: true, message: "The values can be read. Set a test request to try them at the service" };
    }
    const use = { redactor, opened: () => [credential] };
    const { status } = await requestWith(http, { ...test, timeoutMs: TIMEOUT_MS, maxResponseBytes: 5_000_000 }, credential, use);
    if (status === 401 || status === 403) return { ok: false, message: `The service refuses it: it answered ${status}` };
    if (status >= 400) return { ok: false, message: `The service answered ${status}` };
    return { ok: true, message: `The service answered ${status}` };
  }
}
