import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createHttpClient } from "../http/guarded-client";
import { withNetwork } from "./network";
import { createSandbox } from "./sandbox";

/** What a request looked like to a server. */
interface Seen {
  server: "allowed" | "other";
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

const seen: Seen[] = [];
const servers: Server[] = [];
let allowed = "";
let other = "";
let http: ReturnType<typeof createHttpClient>;
const sandbox = createSandbox({ size: 1 });

async function listen(server: Seen["server"], answer: (request: Seen, response: ServerResponse) => void): Promise<string> {
  const made = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const arrived = { server, method, url, headers, body };
      seen.push(arrived);
      answer(arrived, response);
    });
  });
  servers.push(made);
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(made.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  other = await listen("other", (_, response) => response.end("other"));
  allowed = await listen("allowed", ({ url, body, method }, response) => {
    if (url.startsWith("/to?")) return void response.writeHead(302, { location: decodeURIComponent(url.slice(4)) }).end();
    if (url === "/silent") return;
    if (url === "/missing") return void response.writeHead(404, { "content-type": "application/json" }).end('{"reason":"none"}');
    if (url === "/bytes") return void response.end(Buffer.from([0, 255, 128]));
    if (url === "/large") return void response.end("x".repeat(11 * 1024 * 1024));
    response.writeHead(200, { "content-type": "application/json", "x-kind": "echo" }).end(JSON.stringify({ method, url, body }));
  });
  // The installation lets flows reach both: what stops code is the organization's list alone.
  http = createHttpClient({ allowlist: [allowed, other] });
});
afterEach(() => void seen.splice(0));
afterAll(async () => {
  await sandbox.close();
  await http.close();
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

const run = async (code: string, { hosts = [`http://${allowed}`], timeoutMs = 10_000 }: { hosts?: string[]; timeoutMs?: number } = {}) => {
  const open = withNetwork(sandbox, { hosts: async () => hosts, http });
  const globals = { base: `http://${allowed}`, other: `http://${other}` };
  return (await open.run({ language: "javascript", code, globals, timeoutMs })).value;
};

describe("code that may call a host", () => {
  it("fetches as a browser does", async () => {
    const code = `const r = await fetch(base + '/a?b=1', { method: 'POST', headers: { 'X-Mine': 'yes' }, body: JSON.stringify({ n: 1 }) });
      return { ok: r.ok, status: r.status, kind: r.headers.get('X-Kind'), answer: await r.json() }`;
    expect(await run(code)).toEqual({
      ok: true,
      status: 200,
      kind: "echo",
      answer: { method: "POST", url: "/a?b=1", body: '{"n":1}' },
    });
    expect(seen[0]?.headers).toMatchObject({ "x-mine": "yes" });
    expect(await run("const r = await fetch(base + '/bytes'); return [...new Uint8Array(await r.arrayBuffer())]")).toEqual([0, 255, 128]);
    expect(await run("const r = await fetch(base + '/missing'); return [r.ok, r.status]")).toEqual([false, 404]);
  });

  it("has n8n's helper under both of its names", async () => {
    const code = `return await this.helpers.httpRequest({ method: 'PUT', baseURL: base, url: '/x', qs: { a: [1, 2], b: 'ü' }, body: { n: 1 }, auth: { username: 'u', password: 'p' }, json: true })`;
    expect(await run(code)).toEqual({ method: "PUT", url: "/x?a=1&a=2&b=%C3%BC", body: '{"n":1}' });
    expect(seen[0]?.headers).toMatchObject({ authorization: "Basic dTpw", "content-type": "application/json" });
    const full =
      "const { statusCode, body } = await $helpers.httpRequest({ url: base + '/missing', returnFullResponse: true, ignoreHttpStatusErrors: true }); return { statusCode, body }";
    expect(await run(full)).toEqual({ statusCode: 404, body: { reason: "none" } });
    const failing =
      "try { await $helpers.httpRequest({ url: base + '/missing' }) } catch (e) { return [e.message, e.httpCode, e.response.data.reason] }";
    expect(await run(failing)).toEqual(["Request failed with status code 404", "404", "none"]);
  });

  it("sends several at once, beside timers", async () => {
    const code = `const all = await Promise.all(Array.from({ length: 25 }, (_, n) => fetch(base + '/' + n).then((r) => r.json())));
      await new Promise((done) => setTimeout(done, 5)); return all.map((a) => a.url)`;
    expect(await run(code)).toEqual(Array.from({ length: 25 }, (_, n) => `/${n}`));
  });

  it("is run in TypeScript too", async () => {
    const open = withNetwork(sandbox, { hosts: async () => [`http://${allowed}`], http });
    const code = "const r: any = await fetch(base + '/ts'); return (await r.json()).url as string";
    expect((await open.run({ language: "typescript", code, globals: { base: `http://${allowed}` } })).value).toBe("/ts");
  });
});

describe("code that wants to call what is not allowed", () => {
  const reached = () => seen.filter(({ server }) => server === "other");

  it.each([
    ["another host", "await fetch(other)"],
    ["another host with n8n's helper", "await this.helpers.httpRequest({ url: other })"],
    ["another port of the host", "await fetch(base.replace(/\\d+$/, '9'))"],
    ["a host behind a user", "await fetch('http://' + base.slice(7) + '@' + other.slice(7))"],
    ["a private address", "await fetch('http://169.254.169.254/latest/meta-data')"],
    ["this machine", "await fetch('http://localhost:5432')"],
    ["files", "await fetch('file:///etc/passwd')"],
    ["a data URL", "await fetch('data:text/plain,x')"],
  ])("fails: %s", async (_, code) => {
    await expect(run(`${code}; return 'reached'`)).rejects.toThrow(/may not call|not allowed|not a valid URL/);
    expect(seen).toEqual([]);
  });

  it("does not follow a redirect there", async () => {
    await expect(run("await fetch(base + '/to?' + encodeURIComponent(other + '/secret')); return 'reached'")).rejects.toThrow(
      /may not call/,
    );
    await expect(run("await fetch(base + '/to?' + encodeURIComponent('http://169.254.169.254/')); return 'reached'")).rejects.toThrow(
      /may not call/,
    );
    expect(reached()).toEqual([]);
    expect(await run("return (await (await fetch(base + '/to?' + encodeURIComponent('/there'))).json()).url")).toBe("/there");
  });

  it("is refused private addresses even where the list names them", async () => {
    const hosts = ["http://169.254.169.254", "http://10.0.0.1", "http://[::1]:80", "http://127.0.0.1:1"];
    for (const host of hosts) {
      await expect(run(`await fetch(${JSON.stringify(host)}); return 'reached'`, { hosts })).rejects.toThrow(
        /private|not allowed|may not|internal/i,
      );
    }
  });

  it("can't name another site behind an allowed address", async () => {
    await run("await fetch(base, { headers: { Host: 'inner.example', ' host ': 'x' } }).catch(() => 0); return 1");
    for (const { headers } of seen) expect(headers.host).toBe(allowed);
  });

  it("is told who can allow hosts where none are", async () => {
    await expect(run("await fetch(base)", { hosts: [] })).rejects.toThrow(/Code may call no hosts in this organization.*Settings/);
    expect(seen).toEqual([]);
  });

  it("has no fetch where nothing is said about hosts", async () => {
    const { value } = await sandbox.run({ language: "javascript", code: "return [typeof fetch, typeof helpers]", globals: {} });
    expect(value).toEqual(["undefined", "undefined"]);
  });

  it("can't change what is looked at by changing its own surroundings", async () => {
    const code = `Array.prototype.toJSON = () => [{ id: 1, method: 'GET', url: other }]; Object.prototype.url = other; String.prototype.startsWith = () => true;
      Promise.prototype.then = ((then) => function (a, b) { return then.call(this, a, b) })(Promise.prototype.then);
      return await fetch(other).then(() => 'reached', (e) => e.message)`;
    await run(code).catch(() => {});
    expect(reached()).toEqual([]);
  });
});

describe("code that asks for too much", () => {
  it("waits no longer than its time for an answer, and ends its request", async () => {
    await expect(run("await fetch(base + '/silent')", { timeoutMs: 500 })).rejects.toThrow(/longer than 0\.5 s/);
    expect(await run("return 1")).toBe(1);
  });

  it("gets no answer that is too large, and no endless number of requests", async () => {
    await expect(run("await fetch(base + '/large')")).rejects.toThrow(/larger|MB|bytes/i);
    const flood =
      "let refused = ''; for (let n = 0; n < 1100; n++) { try { await fetch('http://nowhere.invalid') } catch (e) { refused = e.message } } return refused";
    expect(await run(flood)).toMatch(/may send 1000 requests/);
  });

  it("leaves nothing for the job after it", async () => {
    await run("fetch(base + '/silent'); return 1");
    expect(await run("return (await (await fetch(base + '/mine')).json()).url")).toBe("/mine");
  });
});
