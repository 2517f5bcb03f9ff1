import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json, JsonObject } from "@/flow/item";
import { resetEnv } from "@/server/env";

/** A request as a service gets it. */
export interface ServiceRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
  /** The body as JSON; an empty object when it is none. */
  json: JsonObject;
}

export interface ServiceAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Text and bytes as they are, anything else as JSON. */
  body?: Json | Uint8Array;
}

export interface FakeService {
  origin: string;
  /** What it was asked, the oldest first. */
  seen: ServiceRequest[];
  close(): Promise<void>;
}

function jsonOf(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}

async function read(request: IncomingMessage): Promise<ServiceRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? "/", "http://service");
  const body = Buffer.concat(chunks).toString("utf8");
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body,
    json: jsonOf(body),
  };
}

/** Something that listens on this machine, answers as a service would, and may be called by the product from now on. */
export async function fakeService(answer: (request: ServiceRequest) => ServiceAnswer): Promise<FakeService> {
  const seen: ServiceRequest[] = [];
  const server = createServer((request, response) => {
    void read(request).then((given) => {
      seen.push(given);
      const { status = 200, headers = {}, body } = answer(given);
      if (body === undefined) return response.writeHead(status, headers).end();
      if (typeof body === "string" || body instanceof Uint8Array) return response.writeHead(status, headers).end(body);
      return response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.HTTP_ALLOWLIST = [process.env.HTTP_ALLOWLIST, host].filter(Boolean).join(",");
  resetEnv();
  return { origin: `http://${host}`, seen, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
