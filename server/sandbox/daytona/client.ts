import { randomUUID } from "node:crypto";
import { z } from "zod";
import { FatalError, RetryAfterError } from "@/flow/execution/errors";
import type { HttpClient, HttpResponse } from "@/flow/node/context";

export interface DaytonaConnection {
  apiKey: string;
  /** Of Daytona's API, such as `https://app.daytona.io/api`. */
  baseUrl: string;
  http: HttpClient;
}

/** What a sandbox is made with. Names are Daytona's. */
export interface SandboxRequest {
  snapshot?: string;
  target?: string;
  labels: Record<string, string>;
  networkBlockAll: boolean;
  domainAllowList?: string;
  /** Minutes. */
  autoStopInterval: number;
  autoDeleteInterval: number;
  ttlMinutes: number;
}

const sandboxSchema = z.object({
  id: z.string().min(1),
  state: z.string().optional(),
  errorReason: z.string().nullish(),
  toolboxProxyUrl: z.string().nullish(),
});
export type DaytonaSandbox = z.infer<typeof sandboxSchema>;

const executedSchema = z.object({ exitCode: z.number().nullish(), code: z.number().nullish(), result: z.string().nullish() });
const sessionCommandSchema = z.object({ cmdId: z.string().min(1) });
const commandSchema = z.object({ exitCode: z.number().nullish() });
const proxySchema = z.object({ url: z.string() });

interface Call {
  method: string;
  url: string;
  json?: unknown;
  body?: Uint8Array;
  contentType?: string;
  timeoutMs?: number;
  maxResponseBytes?: number;
  signal?: AbortSignal | undefined;
}

/**
 * The part of Daytona's REST API that running code takes. Its SDK would be a hundred megabytes of packages, with a way out of its
 * own beside the guarded client.
 */
export class DaytonaClient {
  constructor(private readonly connection: DaytonaConnection) {}

  async create(request: SandboxRequest, signal?: AbortSignal): Promise<DaytonaSandbox> {
    return this.read(sandboxSchema, { method: "POST", url: this.api("/sandbox"), json: request, timeoutMs: 60_000, signal });
  }

  async get(id: string, signal?: AbortSignal): Promise<DaytonaSandbox> {
    return this.read(sandboxSchema, { method: "GET", url: this.api(`/sandbox/${encodeURIComponent(id)}`), timeoutMs: 30_000, signal });
  }

  /** Null for one that is gone. */
  async find(id: string, signal?: AbortSignal): Promise<DaytonaSandbox | null> {
    const call = { method: "GET", url: this.api(`/sandbox/${encodeURIComponent(id)}`), timeoutMs: 30_000, signal };
    const response = await this.call(call, [404, 410]);
    return response.status < 400 ? sensible(sandboxSchema, response) : null;
  }

  /** One that is gone already is no error. */
  async delete(id: string): Promise<void> {
    await this.call({ method: "DELETE", url: this.api(`/sandbox/${encodeURIComponent(id)}`), timeoutMs: 30_000 }, [404, 410]);
  }

  /** Address of what runs inside a sandbox. */
  async toolbox(sandbox: DaytonaSandbox, signal?: AbortSignal): Promise<string> {
    const known = sandbox.toolboxProxyUrl;
    const url = known
      ? known
      : (
          await this.read(proxySchema, {
            method: "GET",
            url: this.api(`/sandbox/${encodeURIComponent(sandbox.id)}/toolbox-proxy-url`),
            timeoutMs: 30_000,
            signal,
          })
        ).url;
    return `${url.replace(/\/+$/, "")}/${encodeURIComponent(sandbox.id)}`;
  }

  /** @param files Content by path below the sandbox's working directory */
  async upload(toolbox: string, files: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void> {
    const boundary = `----tolstoy-${randomUUID()}`;
    const parts = Object.entries(files).flatMap(([path, content], index) => [
      `--${boundary}\r\nContent-Disposition: form-data; name="files[${index}].path"\r\n\r\n${path}\r\n`,
      `--${boundary}\r\nContent-Disposition: form-data; name="files[${index}].file"; filename="${path}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
      `${content}\r\n`,
    ]);
    const body = Buffer.from(`${parts.join("")}--${boundary}--\r\n`);
    const contentType = `multipart/form-data; boundary=${boundary}`;
    await this.call({ method: "POST", url: `${toolbox}/files/bulk-upload`, body, contentType, timeoutMs: 60_000, signal });
  }

  /** Null for a file that is not there. */
  async download(toolbox: string, path: string, maxBytes: number, signal?: AbortSignal): Promise<string | null> {
    const url = `${toolbox}/files/download?path=${encodeURIComponent(path)}`;
    const response = await this.call({ method: "GET", url, timeoutMs: 60_000, maxResponseBytes: maxBytes, signal }, [400, 404]);
    return response.status < 400 ? new TextDecoder().decode(response.body) : null;
  }

  /** Waits for the command's end. @returns its exit code and what it printed */
  async execute(toolbox: string, command: string, seconds: number, signal?: AbortSignal): Promise<{ exitCode: number; output: string }> {
    const answer = await this.read(executedSchema, {
      method: "POST",
      url: `${toolbox}/process/execute`,
      json: { command, timeout: seconds },
      timeoutMs: (seconds + 10) * 1000,
      signal,
    });
    return { exitCode: answer.exitCode ?? answer.code ?? 0, output: answer.result ?? "" };
  }

  /** Starts a command in a session of its own. @returns how to ask for it */
  async start(toolbox: string, command: string, signal?: AbortSignal): Promise<{ sessionId: string; commandId: string }> {
    const sessionId = `tolstoy-${randomUUID()}`;
    await this.call({ method: "POST", url: `${toolbox}/process/session`, json: { sessionId }, timeoutMs: 30_000, signal });
    const { cmdId } = await this.read(sessionCommandSchema, {
      method: "POST",
      url: `${toolbox}/process/session/${sessionId}/exec`,
      json: { command, runAsync: true },
      timeoutMs: 30_000,
      signal,
    });
    return { sessionId, commandId: cmdId };
  }

  /** Its exit code; null while it runs. */
  async exitCode(
    toolbox: string,
    { sessionId, commandId }: { sessionId: string; commandId: string },
    signal?: AbortSignal,
  ): Promise<number | null> {
    const url = `${toolbox}/process/session/${sessionId}/command/${encodeURIComponent(commandId)}`;
    return (await this.read(commandSchema, { method: "GET", url, timeoutMs: 30_000, signal })).exitCode ?? null;
  }

  private api(path: string): string {
    return `${this.connection.baseUrl.replace(/\/+$/, "")}${path}`;
  }

  private async read<T>(schema: z.ZodType<T>, call: Call): Promise<T> {
    return sensible(schema, await this.call(call));
  }

  private async call(call: Call, expected: readonly number[] = []): Promise<HttpResponse> {
    const { signal, json, body, contentType, ...request } = call;
    let response: HttpResponse;
    try {
      response = await this.connection.http.request(
        {
          ...request,
          headers: {
            authorization: `Bearer ${this.connection.apiKey}`,
            ...(json !== undefined && { "content-type": "application/json" }),
            ...(contentType && { "content-type": contentType }),
          },
          ...(json !== undefined && { body: JSON.stringify(json) }),
          ...(body && { body }),
        },
        signal,
      );
    } catch (error) {
      if (signal?.aborted) throw error;
      const told = error instanceof Error ? error.message : String(error);
      const message = `Daytona can't be reached: ${told}. Check DAYTONA_BASE_URL`;
      throw error instanceof FatalError ? new FatalError(message, { cause: error }) : new Error(message, { cause: error });
    }
    if (response.status < 400 || expected.includes(response.status)) return response;
    throw refusal(response);
  }
}

function sensible<T>(schema: z.ZodType<T>, response: HttpResponse): T {
  const parsed = schema.safeParse(jsonOf(new TextDecoder().decode(response.body)));
  if (parsed.success) return parsed.data;
  throw new Error("Daytona answered something that makes no sense here. Is DAYTONA_BASE_URL the address of its API?");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const messageSchema = z.object({ message: z.union([z.string(), z.array(z.string())]) });

function refusal(response: HttpResponse): Error {
  const said = messageSchema.safeParse(jsonOf(new TextDecoder().decode(response.body)));
  const reason = said.success ? [said.data.message].flat().join("; ").slice(0, 500) : response.statusText;
  const { status } = response;
  if (status === 401) return new FatalError(`Daytona refused the API key (401). Check DAYTONA_API_KEY`);
  if (/quota|limit exceeded|insufficient|no available runner|capacity/i.test(reason))
    return new Error(`Daytona has not enough resources for the code: ${reason} (${status})`);
  if (status === 429) return new RetryAfterError(`Daytona asks for patience: ${reason} (429)`, retryAfter(response));
  return status >= 500
    ? new Error(`Daytona failed: ${reason} (${status})`)
    : new FatalError(`Daytona refused to run the code: ${reason} (${status})`);
}

function retryAfter({ headers }: HttpResponse): number {
  const seconds = Number(headers["retry-after"]);
  return seconds > 0 ? Math.min(seconds, 3600) * 1000 : 5_000;
}
