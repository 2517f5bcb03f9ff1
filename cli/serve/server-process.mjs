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

// 2. Asked to stop, the framework waits for open requests: event streams have no end of their own, so they are ended here;
//    anything else gets some seconds to finish.
const open = new Set();
subscribe("http.server.request.start", ({ response }) => {
  open.add(response);
  response.once("close", () => open.delete(response));
});
const isEventStream = (response) => String(response.getHeader("content-type")).startsWith("text/event-stream");
const stop = () => {
  for (const response of open) if (isEventStream(response)) response.destroy();
  setTimeout(() => {
    for (const response of open) response.destroy();
  }, 5_000).unref();
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);

// 3. What is called most often is answered before the framework is asked: see server/triggers/server-listener.ts.
const firstListener = Symbol.for("tolstoy.firstListener");
const { createServer } = http;
http.createServer = (...given) => {
  const listener = given.at(-1);
  if (typeof listener !== "function") return createServer(...given);
  return createServer(...given.slice(0, -1), (request, response) => {
    if (!globalThis[firstListener]?.(request, response)) listener(request, response);
  });
};
