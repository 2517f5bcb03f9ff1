import { connectionTests } from "@/nodes/connection-tests";
import { placeOf, urlOf } from "@/nodes/s3/bucket";
import { requestWith } from "@/server/credentials/authorized-client";
import type { OpenCredential } from "@/server/credentials/open";
import type { Redactor } from "@/server/credentials/redactor";
import { env } from "@/server/env";
import { createHostCheck } from "@/server/http/check-host";
import { createConnect } from "@/server/http/connect";
import { sharedHttpClient } from "@/server/http/shared-client";

const TIMEOUT_MS = 20_000;

/** Tries a credential of a known kind at its server; null for a kind without a test. Rejects with what is wrong. */
export async function testKind(credential: OpenCredential, redactor: Redactor): Promise<{ ok: boolean; message: string } | null> {
  const kind = credential.settings.kind ?? "";
  if (kind === "s3") return testBuckets(credential, redactor);
  const test = Object.hasOwn(connectionTests, kind) ? connectionTests[kind] : undefined;
  if (!test) return null;
  const options = { allowlist: env().HTTP_ALLOWLIST };
  const network = { connect: createConnect(options), checkHost: createHostCheck(options), signal: AbortSignal.timeout(TIMEOUT_MS) };
  return { ok: true, message: await test(credential.fields, network) };
}

async function testBuckets(credential: OpenCredential, redactor: Redactor): Promise<{ ok: boolean; message: string }> {
  const place = placeOf(credential.fields, "");
  const request = {
    method: "GET",
    url: urlOf(place, ""),
    awsSignature: { service: "s3", region: place.region },
    followRedirects: false,
    timeoutMs: TIMEOUT_MS,
  };
  const { status, body } = await requestWith(sharedHttpClient(), request, credential, { redactor, opened: () => [credential] });
  if (status < 300) return { ok: true, message: "The keys are valid" };
  const code = /<Code>(\w+)<\/Code>/.exec(new TextDecoder().decode(body.subarray(0, 5000)))?.[1] ?? "";
  // Whoever may not list all buckets may still use one.
  if (code === "AccessDenied") return { ok: true, message: "The keys are known; they may not list all buckets" };
  return { ok: false, message: `The service refuses them: it answered ${status}${code ? ` (${code})` : ""}` };
}
