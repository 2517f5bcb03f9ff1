import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A stand-in for Daytona that answers as its API does and runs commands for real, each sandbox in a folder of its own. */
export interface DaytonaServer {
  url: string;
  /** `host:port` for an allowlist. */
  host: string;
  apiKey: string;
  /** Bodies of the calls that made sandboxes. */
  created: Record<string, unknown>[];
  /** Ids of those that are there now. */
  alive(): string[];
  /** Calls so far, as `GET /sandbox/…` with ids left out. */
  calls: string[];
  /** Answers the next call whose path contains `path` with a status and a message, once. */
  fail(path: string, status: number, message: string): void;
  /** State that new sandboxes are in until they are asked for `times` times; `error` for those that never start. */
  startAfter(times: number | "error"): void;
  close(): Promise<void>;
}

interface Container {
  id: string;
  folder: string;
  asked: number;
  commands: Map<string, { child: ChildProcess; exitCode: number | null }>;
}

export async function startDaytonaServer(): Promise<DaytonaServer> {
  const apiKey = `dtn_${randomUUID()}`;
  const containers = new Map<string, Container>();
  const created: Record<string, unknown>[] = [];
  const calls: string[] = [];
  const failures: { path: string; status: number; message: string }[] = [];
  let startsAfter: number | "error" = 0;
  let url = "";

  const shown = (container: Container) => ({
    id: container.id,
    state: startsAfter === "error" ? "error" : container.asked >= startsAfter ? "started" : "creating",
    ...(startsAfter === "error" && { errorReason: "no runner took it" }),
    toolboxProxyUrl: `${url}/toolbox`,
  });

  async function answer(request: IncomingMessage, body: Buffer): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const { method } = request;
    calls.push(`${method} ${pathname.replace(/[0-9a-f-]{36}/g, "*")}`);
    if (request.headers.authorization !== `Bearer ${apiKey}`) return { status: 401, body: { message: "Unauthorized" } };
    if (pathname === "/api/api-keys/current") return { status: 200, body: { name: "tests", permissions: [] } };
    const failing = failures.findIndex(({ path }) => pathname.includes(path));
    const failure = failing >= 0 ? failures.splice(failing, 1)[0] : undefined;
    if (failure) return { status: failure.status, body: { statusCode: failure.status, message: failure.message } };
    const json = () => JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    if (method === "POST" && pathname === "/api/sandbox") {
      created.push(json());
      const container: Container = { id: randomUUID(), folder: await mkdtemp(join(tmpdir(), "daytona-")), asked: 0, commands: new Map() };
      containers.set(container.id, container);
      return { status: 200, body: shown(container) };
    }
    const [, place, ...rest] = pathname.split("/");
    const id = place === "api" ? rest[1] : rest[0];
    const container = containers.get(id ?? "");
    if (!container) return { status: 404, body: { message: "Sandbox not found" } };
    if (place === "api" && method === "DELETE") {
      await end(container);
      containers.delete(container.id);
      return { status: 200, body: shown(container) };
    }
    if (place === "api") {
      container.asked++;
      return { status: 200, body: shown(container) };
    }
    const call = `${method} /${rest.slice(1).join("/")}`;
    if (call === "POST /files/bulk-upload") {
      for (const [name, content] of filesOf(body, request.headers["content-type"] ?? ""))
        await writeFile(join(container.folder, name), content);
      return { status: 200, body: {} };
    }
    if (call === "GET /files/download") {
      const path = join(container.folder, searchParams.get("path") ?? "");
      return existsSync(path) ? { status: 200, body: await readFile(path) } : { status: 404, body: { message: "file not found" } };
    }
    if (call === "POST /process/execute") {
      const { command } = json();
      return new Promise((resolve) => {
        const child = runIn(container, String(command));
        container.commands.set(randomUUID(), { child, exitCode: null });
        child.on("exit", (exitCode) => resolve({ status: 200, body: { exitCode: exitCode ?? -1, result: "" } }));
      });
    }
    if (call === "POST /process/session") return { status: 201, body: null };
    if (/^POST \/process\/session\/[^/]+\/exec$/.test(call)) {
      const cmdId = randomUUID();
      const entry = { child: runIn(container, String(json().command)), exitCode: null as number | null };
      entry.child.on("exit", (exitCode) => {
        entry.exitCode = exitCode ?? -1;
      });
      container.commands.set(cmdId, entry);
      return { status: 202, body: { cmdId } };
    }
    const asked = /^GET \/process\/session\/[^/]+\/command\/([^/]+)$/.exec(call)?.[1];
    const command = asked === undefined ? undefined : container.commands.get(asked);
    if (asked !== undefined && command) {
      return { status: 200, body: { id: asked, command: "", ...(command.exitCode !== null && { exitCode: command.exitCode }) } };
    }
    return { status: 404, body: { message: `no ${call} here` } };
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      void answer(request, Buffer.concat(parts)).then(({ status, body }) => {
        response.writeHead(status, { "content-type": Buffer.isBuffer(body) ? "application/octet-stream" : "application/json" });
        response.end(Buffer.isBuffer(body) ? body : body === null ? "" : JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `http://${host}`;

  return {
    url: `${url}/api`,
    host,
    apiKey,
    created,
    alive: () => [...containers.keys()],
    calls,
    fail: (path, status, message) => void failures.push({ path, status, message }),
    startAfter(times) {
      startsAfter = times;
    },
    async close() {
      await Promise.all([...containers.values()].map(end));
      await closed(server);
    },
  };
}

/** A process group of its own: what a command starts ends with its container. */
const runIn = ({ folder }: Container, command: string): ChildProcess =>
  spawn("/bin/sh", ["-c", command], { cwd: folder, stdio: "ignore", detached: true });

async function end({ commands, folder }: Container): Promise<void> {
  for (const { child } of commands.values()) {
    if (child.exitCode !== null || child.pid === undefined) continue;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Files of a form: `files[0].path` names the one in `files[0].file`. */
function filesOf(body: Buffer, contentType: string): [string, string][] {
  const boundary = /boundary=(\S+)/.exec(contentType)?.[1] ?? "";
  const parts = body
    .toString("utf8")
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [head = "", ...rest] = part.replace(/^\r\n/, "").split("\r\n\r\n");
      return { name: /name="([^"]+)"/.exec(head)?.[1] ?? "", content: rest.join("\r\n\r\n").replace(/\r\n$/, "") };
    });
  const content = new Map(parts.map((part) => [part.name, part.content]));
  return parts
    .filter(({ name }) => name.endsWith(".path"))
    .map(({ name, content: path }) => [path, content.get(name.replace(".path", ".file")) ?? ""]);
}
