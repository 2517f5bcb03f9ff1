import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { addressOf, clientAddress, recordClientAddresses } from "./client-address";

test("without trusted proxies the peer's address counts, whatever the request claims", () => {
  expect(addressOf("192.0.2.7", "203.0.113.9", 0)).toBe("192.0.2.7");
  expect(addressOf("::ffff:192.0.2.7", undefined, 0)).toBe("192.0.2.7");
});

test("with trusted proxies the address that the outermost of them saw counts, not what the client wrote before it", () => {
  expect(addressOf("10.0.0.1", "6.6.6.6, 203.0.113.9", 1)).toBe("203.0.113.9");
  expect(addressOf("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", 2)).toBe("203.0.113.9");
  expect(addressOf("10.0.0.1", ["6.6.6.6", "203.0.113.9"], 1)).toBe("203.0.113.9");
  expect(addressOf("10.0.0.1", undefined, 1)).toBe("10.0.0.1");
});

test("a request cannot write its own note", async () => {
  process.env.DATABASE_URL ??= "postgresql://localhost/unused";
  recordClientAddresses();
  const server = http.createServer((request, response) => {
    response.end(clientAddress(new Headers(request.headers as Record<string, string>)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      headers: { "x-tolstoy-client-address": "6.6.6.6", "x-forwarded-for": "6.6.6.6" },
    });
    expect(await answer.text()).toBe("127.0.0.1");
  } finally {
    server.close();
  }
});
