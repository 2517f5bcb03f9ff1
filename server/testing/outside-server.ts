import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { resetEnv } from "@/server/env";

/**
 * A server that executions of the test file may call: what is outside of the product. Call it before `withRunningEngine`.
 * @returns its URL, once the tests run
 */
export function withOutsideServer(answer: http.RequestListener): { readonly url: string } {
  const server = http.createServer(answer);
  let port = 0;
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
    process.env.HTTP_ALLOWLIST = `127.0.0.1:${port}`;
    resetEnv();
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    get url() {
      return `http://127.0.0.1:${port}/`;
    },
  };
}
