import http from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { HttpRequest } from "@/flow/node/context";
import { type ClosableHttpClient, createHttpClient, type HttpClientOptions } from "./guarded-client";

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const servers: http.Server[] = [];
const clients: ClosableHttpClient[] = [];

async function serve(handler: Handler, host = "127.0.0.1"): Promise<{ port: number; target: string; url: string; hits: () => number }> {
  let hits = 0;
  const server = http.createServer((request, response) => {
    hits++;
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return { port, target, url: `http://${target}`, hits: () => hits };
}

function client(options: Partial<HttpClientOptions> = {}): ClosableHttpClient {
  const made = createHttpClient({ allowlist: [], ...options });
  clients.push(made);
  return made;
}

const get = (url: string, extra: Partial<HttpRequest> = {}): HttpRequest => ({ method: "GET", url, ...extra });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const ok: Handler = (_, response) => response.end("ok");

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("addresses that nodes must not reach", () => {
  let hostsWithPort: (port: number) => string[];
  beforeAll(() => {
    hostsWithPort = (port) =>
      [
        "127.0.0.1",
        "127.1",
        "127.0.0.1.",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.000.000.001",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fec0::1]",
        "[ff02::1]",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.254",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "localhost",
        "LOCALHOST",
        "localhost.",
      ].map((host) => `http://${host}:${port}/`);
  });

  it("refuses every notation of them", async () => {
    const server = await serve(ok);
    const guarded = client({ resolve: async () => [{ address: "127.0.0.1", family: 4 }] });
    for (const url of hostsWithPort(server.port)) {
      await expect(guarded.request(get(url)), url).rejects.toMatchObject({
        name: "FatalError",
        message: expect.stringContaining("not allowed"),
      });
    }
    expect(server.hits()).toBe(0);
  });

  it("refuses other schemes and what is no URL", async () => {
    const guarded = client();
    for (const url of [
      "file:///etc/passwd",
      "gopher://127.0.0.1:70/x",
      "data:text/plain,hi",
      "ftp://example.com/",
      "unix:/var/run/docker.sock",
      "javascript:1",
    ]) {
      await expect(guarded.request(get(url)), url).rejects.toMatchObject({
        name: "FatalError",
        message: expect.stringContaining("not allowed"),
      });
    }
    for (const url of ["", "example.com/path", "http://", "//x", { toString: () => "http://x" } as unknown as string]) {
      await expect(guarded.request(get(url))).rejects.toMatchObject({ name: "FatalError" });
    }
  });

  it("refuses a name with a forbidden address among its addresses", async () => {
    const resolve = async () => [
      { address: "93.184.216.34", family: 4 },
      { address: "10.1.2.3", family: 4 },
    ];
    await expect(client({ resolve }).request(get("http://mixed.example/"))).rejects.toMatchObject({ name: "FatalError" });
  });

  it("connects to the very address it checked, so a name that changes gains nothing", async () => {
    const server = await serve(ok);
    let lookups = 0;
    // Public (and routed nowhere) on the first look, loopback afterwards: a guard that checks a name and lets the socket look it
    // up again falls for it.
    const resolve = async () => (++lookups % 2 === 1 ? [{ address: "3ffe::1", family: 6 }] : [{ address: "127.0.0.1", family: 4 }]);
    const guarded = client({ resolve, connectTimeoutMs: 300 });
    const url = `http://rebind.example:${server.port}/`;
    await expect(guarded.request(get(url, { timeoutMs: 600 }))).rejects.not.toMatchObject({ name: "FatalError" });
    expect(lookups).toBe(1);
    await expect(guarded.request(get(url, { timeoutMs: 600 }))).rejects.toMatchObject({ name: "FatalError" });
    expect(server.hits()).toBe(0);
  });

  it("checks each redirect hop", async () => {
    const inside = await serve(ok);
    for (const location of [
      inside.url,
      `http://localhost:${inside.port}/`,
      `http://[::ffff:127.0.0.1]:${inside.port}/`,
      "file:///etc/passwd",
    ]) {
      const outside = await serve((_, response) => response.writeHead(302, { location }).end());
      await expect(client({ allowlist: [outside.target] }).request(get(outside.url)), location).rejects.toMatchObject({
        name: "FatalError",
      });
    }
    expect(inside.hits()).toBe(0);
  });

  it("lets exactly the allowlisted host and port through", async () => {
    const server = await serve(ok);
    const other = await serve(ok);
    const guarded = client({ allowlist: [server.target] });
    expect((await guarded.request(get(server.url))).status).toBe(200);
    await expect(guarded.request(get(other.url))).rejects.toMatchObject({ name: "FatalError" });
    // Another spelling of the same place is another entry.
    await expect(guarded.request(get(`http://localhost:${server.port}`))).rejects.toMatchObject({ name: "FatalError" });
    expect((await client({ allowlist: [`localhost:${server.port}`] }).request(get(`http://localhost:${server.port}`))).status).toBe(200);
  });

  it("names the way out without telling internal addresses", async () => {
    const resolve = async () => [{ address: "10.20.30.40", family: 4 }];
    const error = await client({ resolve })
      .request(get("http://internal.example/"))
      .catch((caught: unknown) => caught as Error & { hint: string });
    expect(String(error)).not.toContain("10.20");
    expect(error).toMatchObject({ hint: expect.stringContaining("HTTP_ALLOWLIST") });
  });
});

describe("redirects", () => {
  it("drops credentials when the origin changes, and keeps them when it does not", async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const target = await serve((request, response) => {
      seen.push(request.headers);
      response.end("there");
    });
    const origin = await serve((request, response) => {
      if (request.url === "/same") response.writeHead(307, { location: "/echo" }).end();
      else if (request.url === "/echo") {
        seen.push(request.headers);
        response.end("same");
      } else response.writeHead(307, { location: target.url }).end();
    });
    const guarded = client({ allowlist: [target.target, origin.target] });
    const headers = { Authorization: "Bearer s", Cookie: "a=b", "X-Api-Key": "k", "x-custom": "1" };
    await guarded.request(get(`${origin.url}/away`, { headers }));
    await guarded.request(get(`${origin.url}/same`, { headers }));
    expect(seen[0]).not.toHaveProperty("authorization");
    expect(seen[0]).not.toHaveProperty("cookie");
    expect(seen[0]).not.toHaveProperty("x-api-key");
    expect(seen[0]).toMatchObject({ "x-custom": "1" });
    expect(seen[1]).toMatchObject({ authorization: "Bearer s", cookie: "a=b", "x-api-key": "k" });
  });

  it("turns a POST into a GET after 303, and repeats it after 307", async () => {
    const seen: string[] = [];
    const server = await serve((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        seen.push(`${request.method} ${request.url} ${body}`);
        if (request.url === "/end") response.end("end");
        else response.writeHead(request.url === "/303" ? 303 : 307, { location: "/end" }).end();
      });
    });
    const guarded = client({ allowlist: [server.target] });
    await guarded.request({ method: "POST", url: `${server.url}/303`, body: "x" });
    await guarded.request({ method: "POST", url: `${server.url}/307`, body: "x" });
    expect(seen).toEqual(["POST /303 x", "GET /end ", "POST /307 x", "POST /end x"]);
  });

  it("stops a loop, and hands over the redirect when asked not to follow", async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: "/again" }).end());
    const guarded = client({ allowlist: [server.target] });
    await expect(guarded.request(get(server.url, { maxRedirects: 3 }))).rejects.toThrow("more than 3 times");
    expect((await guarded.request(get(server.url, { followRedirects: false }))).status).toBe(302);
  });
});

describe("what comes back", () => {
  it("gives status, headers, body and final URL", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: "/end?x=1" }).end();
      else response.writeHead(418, "Teapot", { "X-A": "1", "Set-Cookie": ["a=1", "b=2"] }).end("héllo");
    });
    const response = await client({ allowlist: [server.target] }).request(get(server.url));
    expect(response).toMatchObject({ status: 418, statusText: "Teapot", url: `${server.url}/end?x=1` });
    expect(response.headers).toMatchObject({ "x-a": "1", "set-cookie": "a=1, b=2" });
    expect(text(response.body)).toBe("héllo");
  });

  it("unpacks gzip and brotli", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/br") response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync("packed"));
      else response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("packed"));
    });
    const guarded = client({ allowlist: [server.target] });
    expect(text((await guarded.request(get(`${server.url}/gz`))).body)).toBe("packed");
    expect(text((await guarded.request(get(`${server.url}/br`))).body)).toBe("packed");
  });

  it("takes an empty body for one, whatever its headers say", async () => {
    const server = await serve((request, response) => {
      const status = request.url === "/204" ? 204 : 200;
      response.writeHead(status, { "content-encoding": request.url === "/br" ? "br" : "gzip" }).end();
    });
    const guarded = client({ allowlist: [server.target] });
    for (const [method, path] of [
      ["HEAD", "/"],
      ["GET", "/204"],
      ["GET", "/"],
      ["GET", "/br"],
    ] as const) {
      const response = await guarded.request({ method, url: server.url + path });
      expect(response.body, `${method} ${path}`).toHaveLength(0);
    }
  });

  it("says so when a body is not compressed as it claims", async () => {
    const server = await serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("plain"));
    await expect(client({ allowlist: [server.target] }).request(get(server.url))).rejects.toThrow("can't be unpacked");
  });

  it("gives up an endless body at the size limit", async () => {
    const server = await serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const push = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once("drain", push);
      };
      push();
    });
    await expect(client({ allowlist: [server.target], maxResponseBytes: 1_000_000 }).request(get(server.url))).rejects.toThrow(
      "larger than 1000000 bytes",
    );
  });

  it("gives up decompression bombs, nested ones too", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const server = await serve((request, response) => {
      if (request.url === "/twice") response.writeHead(200, { "content-encoding": "gzip, gzip" }).end(gzipSync(bomb));
      else if (request.url === "/five") response.writeHead(200, { "content-encoding": "gzip, gzip, gzip, gzip, gzip" }).end(bomb);
      else response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    const guarded = client({ allowlist: [server.target], maxResponseBytes: 2_000_000 });
    const before = process.memoryUsage().rss;
    for (const path of ["/once", "/twice", "/five"]) {
      await expect(guarded.request(get(server.url + path)), path).rejects.toMatchObject({ name: "FatalError" });
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it("gives up a body that trickles, and headers that never come, when the time is over", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/silent") return;
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(timer));
    });
    const guarded = client({ allowlist: [server.target] });
    await expect(guarded.request(get(`${server.url}/slow`, { timeoutMs: 200 }))).rejects.toThrow("took longer than 0.2 s");
    await expect(guarded.request(get(`${server.url}/silent`, { timeoutMs: 200 }))).rejects.toThrow("took longer than 0.2 s");
  });

  it("bounds a redirect chain by the same clock", async () => {
    const server = await serve((_, response) => {
      setTimeout(() => response.writeHead(302, { location: "/next" }).end(), 60);
    });
    await expect(client({ allowlist: [server.target] }).request(get(server.url, { timeoutMs: 200 }))).rejects.toThrow("took longer");
  });

  it("stops at once when the execution is cancelled", async () => {
    const server = await serve(() => {});
    const controller = new AbortController();
    const pending = client({ allowlist: [server.target] }).request(get(server.url), controller.signal);
    controller.abort();
    await expect(pending).rejects.toMatchObject({ name: expect.stringMatching(/AbortError|CancelledError/) });
  });
});

describe("what is sent", () => {
  it("turns user and password of the URL into basic authentication", async () => {
    let authorization: string | undefined;
    const server = await serve((request, response) => {
      authorization = request.headers.authorization;
      response.end();
    });
    await client({ allowlist: [server.target] }).request(get(`http://me:p%40ss@${server.target}/`));
    expect(authorization).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
    await client({ allowlist: [server.target] }).request(get(`http://me%zz@${server.target}/`));
    expect(authorization).toBe(`Basic ${Buffer.from("me%zz:").toString("base64")}`);
  });

  it("refuses headers that would smuggle another one in", async () => {
    const server = await serve(ok);
    const guarded = client({ allowlist: [server.target] });
    const smuggling: Record<string, string>[] = [{ "x-a": "1\r\nx-b: 2" }, { "x-a\r\nx-b": "1" }, { "x a": "1" }];
    for (const headers of smuggling) {
      await expect(guarded.request(get(server.url, { headers }))).rejects.toMatchObject({ name: "FatalError" });
    }
    expect(server.hits()).toBe(0);
  });

  it("says in words that nothing answers there", async () => {
    const server = await serve(ok);
    const [closed] = servers.splice(0);
    await new Promise((resolve) => closed?.close(resolve));
    await expect(client({ allowlist: [server.target] }).request(get(`${server.url}/?token=secret`))).rejects.toThrow(
      `GET ${server.url}/ failed: nothing accepts connections there (ECONNREFUSED)`,
    );
  });
});
