// Loaded into the web server's process before anything else (node --import).
import { subscribe } from "node:diagnostics_channel";
import http from "node:http";

// 1. The server ends with the process that started it, also when that was killed and could tell nobody.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent) return;
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), 10_000).unref();
}, 500).unref();

// 2. Asked to stop, the framework would hear no one any more and end with its open requests, whatever else is under way. Here the app
//    is at its end first (see server/boot.ts), and answers until then: whoever comes is told so. Then open requests get some seconds;
//    event streams have no end of their own.
if (process.env.NODE_ENV === "production") process.env.NEXT_MANUAL_SIG_HANDLE = "true";
const finishSlot = Symbol.for("tolstoy.finish");
const servers = new Set();
const open = new Set();
subscribe("http.server.request.start", ({ response }) => {
  open.add(response);
  response.once("close", () => open.delete(response));
});
const isEventStream = (response) => String(response.getHeader("content-type")).startsWith("text/event-stream");
const endStreams = () => {
  for (const response of open) if (isEventStream(response)) response.destroy();
};
let isStopping = false;
const stop = async (exitCode) => {
  if (isStopping) return;
  isStopping = true;
  endStreams();
  await globalThis[finishSlot]?.();
  const closed = [...servers].map((server) => new Promise((resolve) => server.close(resolve)));
  endStreams();
  setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, 3_000).unref();
  await Promise.all(closed);
  // In development the framework ends by itself.
  if (process.env.NODE_ENV === "production") process.exit(exitCode);
};
process.on("SIGTERM", () => void stop(143));
process.on("SIGINT", () => void stop(130));

// 3. What is called most often is answered before the framework is asked: see server/triggers/server-listener.ts.
const firstListener = Symbol.for("tolstoy.firstListener");
const { createServer } = http;
http.createServer = (...given) => {
  const listener = given.at(-1);
  if (typeof listener !== "function") return createServer(...given);
  const server = createServer(...given.slice(0, -1), (request, response) => {
    if (!globalThis[firstListener]?.(request, response)) listener(request, response);
  });
  servers.add(server);
  return server;
};
