import net, { type AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createConnect } from "./connect";

const servers: net.Server[] = [];
async function listen(onSocket: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer(onSocket);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const loopback = async () => [{ address: "127.0.0.1", family: 4 }];

it("refuses an address that must not be reached, and dials nothing", async () => {
  let dialled = 0;
  const port = await listen((socket) => {
    dialled++;
    socket.destroy();
  });
  const connect = createConnect({ allowlist: [], resolve: loopback });
  for (const host of ["127.0.0.1", "db.example.com", "169.254.169.254"]) {
    await expect(connect({ host, port }), host).rejects.toMatchObject({
      name: "FatalError",
      message: expect.stringContaining("not allowed"),
    });
  }
  expect(dialled).toBe(0);
});

it("looks a name up once, and dials what it found", async () => {
  const port = await listen((socket) => socket.end("hello"));
  let lookups = 0;
  const resolve = async () => {
    lookups++;
    return loopback();
  };
  const socket = await createConnect({ allowlist: [`db.example.com:${port}`], resolve })({ host: "db.example.com", port });
  const heard = await new Promise((done) => socket.once("data", (data) => done(String(data))));
  expect([heard, lookups]).toEqual(["hello", 1]);
  socket.destroy();
});

it("closes the connection when the step is cancelled, before and after it is there", async () => {
  const closed: Promise<void>[] = [];
  const port = await listen((socket) => {
    socket.on("error", () => {});
    closed.push(new Promise((resolve) => socket.once("close", () => resolve())));
  });
  const connect = createConnect({ allowlist: [`127.0.0.1:${port}`] });
  await expect(connect({ host: "127.0.0.1", port, signal: AbortSignal.abort(new Error("stopped")) })).rejects.toThrow("stopped");
  const cancel = new AbortController();
  const socket = await connect({ host: "127.0.0.1", port, signal: cancel.signal });
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  cancel.abort();
  await ended;
  await closed.at(-1);
});

it("gives up on a server that does not answer TLS, and says where nothing listens", async () => {
  const silent = await listen((socket) => void socket.on("error", () => {}));
  const connect = createConnect({ allowlist: [`127.0.0.1:${silent}`, "127.0.0.1:1"] });
  await expect(connect({ host: "127.0.0.1", port: silent, tls: {}, timeoutMs: 50 })).rejects.toThrow(
    `No connection to 127.0.0.1:${silent} came about within 0.05 s`,
  );
  await expect(connect({ host: "127.0.0.1", port: 1 })).rejects.toThrow("nothing accepts connections there (ECONNREFUSED)");
});
