import { z } from "zod";
import { isBoundTo } from "@/flow/credentials/hosts";
import { FatalError, toStepError } from "@/flow/execution/errors";
import type { HttpResponse, Sandbox, SandboxJob } from "@/flow/node/context";
import type { PreparedRequest } from "../http/guarded-client";

/** What code may reach. */
export interface CodeNetwork {
  /** Hosts, as people write them (see `parseBoundHost`); asked for when code wants to go out. */
  hosts(): Promise<readonly string[]>;
  /** The guarded client. */
  http: { request(request: PreparedRequest, signal?: AbortSignal): Promise<HttpResponse> };
}

/** A job that may go out. */
export interface NetworkedJob extends SandboxJob {
  network?: CodeNetwork;
}

/** The same sandbox for jobs that may reach these hosts. */
export const withNetwork = (sandbox: Sandbox, network: CodeNetwork): Sandbox => ({
  run: (job, signal) => sandbox.run({ ...job, network } as NetworkedJob, signal),
});

/** A request of a guest's: whatever it says is looked at here. */
const requestSchema = z.object({
  id: z.number().int().nonnegative(),
  method: z.string().regex(/^[A-Za-z]{1,20}$/, "is no method"),
  url: z.string().max(20_000),
  headers: z.record(z.string().max(200), z.string().max(20_000)).default({}),
  body: z.string().max(10_000_000).nullish(),
  base64: z.boolean().default(false),
  follow: z.boolean().default(true),
  timeoutMs: z.number().positive().nullish(),
});

/** What the guest is told; `error` alone when there is no answer. */
export type NetworkAnswer =
  | { id: number; error: string }
  | { id: number; status: number; statusText: string; headers: Record<string, string>; url: string; body: string; base64: boolean };

const MAX_REQUESTS = 1000;
const MAX_AT_ONCE = 10;
const MAX_RESPONSE_BYTES = 10 * 1024 * 1024;

/** Sends the requests of one job, to the hosts that are allowed and to no other, on every redirect too. */
export function createRequester(network: CodeNetwork, signal: AbortSignal): (request: unknown) => Promise<NetworkAnswer> {
  let hosts: Promise<readonly string[]> | undefined;
  let count = 0;
  let atOnce = 0;
  const queue: (() => void)[] = [];

  const send = async (given: z.infer<typeof requestSchema>): Promise<NetworkAnswer> => {
    hosts ??= network.hosts();
    const allowed = await hosts;
    const { id, body } = given;
    const response = await network.http.request(
      {
        method: given.method,
        url: given.url,
        // Another name than the URL's would reach another site behind the same address.
        headers: Object.fromEntries(Object.entries(given.headers).filter(([name]) => name.trim().toLowerCase() !== "host")),
        followRedirects: given.follow,
        maxResponseBytes: MAX_RESPONSE_BYTES,
        ...(body != null && { body: given.base64 ? Buffer.from(body, "base64") : body }),
        ...(given.timeoutMs != null && { timeoutMs: Math.min(given.timeoutMs, 300_000) }),
        prepare(hop) {
          if (!isBoundTo(allowed, hop.url)) throw new FatalError(refusal(hop.url, allowed));
          return hop;
        },
      },
      signal,
    );
    return {
      id,
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
      url: response.url,
      ...asText(response.body),
    };
  };

  return async (request) => {
    const parsed = requestSchema.safeParse(request);
    const id = parsed.data?.id ?? numberOf(request);
    if (!parsed.success)
      return { id, error: `The request can't be sent: ${parsed.error.issues[0]?.path.join(".")} ${parsed.error.issues[0]?.message}` };
    if (++count > MAX_REQUESTS) return { id, error: `Code may send ${MAX_REQUESTS} requests, and this would be one more` };
    if (atOnce >= MAX_AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
    atOnce++;
    try {
      signal.throwIfAborted();
      return await send(parsed.data);
    } catch (error) {
      return { id, error: toStepError(error).message };
    } finally {
      atOnce--;
      queue.shift()?.();
    }
  };
}

const numberOf = (request: unknown): number => {
  const id = (request as { id?: unknown } | null)?.id;
  return typeof id === "number" ? id : -1;
};

function refusal(url: URL, allowed: readonly string[]): string {
  const where = url.protocol === "https:" ? url.host : url.origin;
  return allowed.length === 0
    ? `Code may call no hosts in this organization, so not ${where}. An admin can allow hosts in Settings, under Code`
    : `Code may not call ${where}: only ${allowed.join(", ")}. An admin can allow more hosts in Settings, under Code`;
}

/** Text where it is some, else base64. */
function asText(bytes: Uint8Array): { body: string; base64: boolean } {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), base64: false };
  } catch {
    return { body: Buffer.from(bytes).toString("base64"), base64: true };
  }
}
