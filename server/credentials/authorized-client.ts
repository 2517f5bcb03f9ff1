import { isBoundTo } from "@/flow/credentials/hosts";
import { FatalError } from "@/flow/execution/errors";
import type { HttpRequest, HttpResponse } from "@/flow/node/context";
import type { Hop, PreparedRequest } from "../http/guarded-client";
import { signForAws } from "./aws-signature";
import { addCredential, fillHost, secretsOf } from "./inject";
import type { OpenCredential } from "./open";
import type { Redactor } from "./redactor";

/** The guarded client, as far as it is needed here. */
export interface PreparingClient {
  request(request: PreparedRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

/** Characters of a secret that is found in no other text by accident. A server's password may be shorter: a word like any other. */
const TELLING = 8;

/**
 * Refuses a hop that would carry a secret to a host that it is not bound to, however it got into the request: an expression, a
 * redirect of the server's, a node that put it there itself.
 */
export function refuseStrays(hop: Hop, opened: Iterable<OpenCredential>): void {
  let text: string | null = null;
  for (const credential of opened) {
    if (isBoundTo(credential.allowedHosts, hop.url)) continue;
    text ??= [hop.url.href, safeDecode(hop.url.href), ...Object.values(hop.headers), bodyText(hop.body)].join("\n");
    if (secretsOf(credential).some((secret) => secret.length >= TELLING && text?.includes(secret))) {
      throw new FatalError(`The request to ${hop.url.host} holds a secret of the credential "${credential.name}", which may not go there`);
    }
  }
}

const bodyText = (body: Hop["body"]): string => (typeof body === "string" ? body : body ? Buffer.from(body).toString("latin1") : "");

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A request with a credential. It is added to hops on the origin that the request names, when the credential is bound to that, and
 * is part of nothing that comes back: neither redirects nor errors nor the answer's URL know of it.
 * @throws FatalError for a host that it is not bound to
 */
export async function requestWith(
  client: PreparingClient,
  request: HttpRequest,
  credential: OpenCredential,
  use: { redactor: Redactor; opened: () => Iterable<OpenCredential>; signal?: AbortSignal | undefined },
): Promise<HttpResponse> {
  use.redactor.add(secretsOf(credential));
  const { credential: _slot, credentialFields, awsSignature, ...bare } = request;
  const url = fillHost(request.url, credential, credentialFields);
  return client.request(
    {
      ...bare,
      url,
      prepare(hop, first) {
        refuseStrays(hop, use.opened());
        if (hop.url.origin !== first.origin) return hop;
        if (!isBoundTo(credential.allowedHosts, hop.url)) throw notBound(credential, hop.url);
        return awsSignature ? signForAws(hop, credential, awsSignature) : addCredential(hop, credential, credentialFields);
      },
    },
    use.signal,
  );
}

function notBound(credential: OpenCredential, url: URL): FatalError {
  const hosts = credential.allowedHosts.length > 0 ? `only to ${credential.allowedHosts.join(", ")}` : "to no host at all";
  const wanted = url.protocol === "https:" ? url.host : url.origin;
  return new FatalError(
    `The credential "${credential.name}" may be sent ${hosts}, not to ${wanted}. If it belongs there, add the host to the credential.`,
  );
}
