import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { mendPaths, wellFormed } from "./well-formed-paths";

test.each([
  ["/flows/a%20b?x=%ff", "/flows/a%20b?x=%ff"],
  ["/flows/%ff", "/flows/%25ff"],
  ["/flows/%", "/flows/%25"],
  ["/%zz/%C3%A4?q=%", "/%25zz/%C3%A4?q=%"],
  ["/%ff/%2e%2e", "/%25ff/%2e%2e"],
  ["/%ed%a0%80", "/%25ed%25a0%2580"],
])("%s becomes %s", (given, expected) => {
  expect(wellFormed(given)).toBe(expected);
});

test("a server that is told nothing of it gets paths that can be decoded", async () => {
  mendPaths();
  const server = http.createServer((request, response) => response.end(decodeURIComponent(request.url ?? "")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/resume/%ff`);
    expect(await answer.text()).toBe("/resume/%ff");
  } finally {
    server.close();
  }
});
