import http from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InngestServer, startInngestServer } from "@/e2e/support/inngest-server/server";
import { sketch } from "@/flow/interpreter/testing/registry";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import type { TestApp } from "./testing/app";
import { type Effects, startEffects } from "./testing/effects";
import { addOrganization, newExecution, Observer, until } from "./testing/harness";

const eventKey = "event-key-of-the-test";
const signingKey = `signkey-test-${"0123456789abcdef".repeat(4)}`;

describe("a self-hosted Inngest with keys", () => {
  let server: InngestServer;
  let database: TestDatabase;
  let effects: Effects;
  let app: TestApp;
  let register: typeof import("./register");

  beforeAll(async () => {
    database = await createTestDatabase();
    effects = await startEffects();
    server = await startInngestServer({ eventKey, signingKey });
    Object.assign(process.env, { INNGEST_BASE_URL: server.url, INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: signingKey });
    delete process.env.INNGEST_DEV;
    const { startTestApp } = await import("./testing/app");
    register = await import("./register");
    app = await startTestApp({ databaseUrl: database.url, effectsUrl: effects.url });
    await addOrganization(app.pool);
  });
  afterAll(async () => {
    await app.close();
    await server.close();
    await effects.close();
    await database.drop();
  });

  it("registers as soon as the server works, and runs a flow", { timeout: 30_000 }, async () => {
    server.refuse(true);
    const registered = register.registerInngest({ origin: app.origin });
    const { executionId } = await app.engine.start(newExecution(sketch({ Start: { type: "start" }, A: { type: "hit" } }, ["Start -> A"])));
    server.refuse(false);
    await registered;
    expect(await new Observer(app.pool).ended(executionId, 20_000)).toMatchObject({ status: "succeeded" });
  });

  it("lets nobody else register functions or run steps", async () => {
    const before = server.functions();
    expect((await fetch(app.url, { method: "PUT" })).status).toBe(401);
    const forged = await fetch(`${app.url}?fnId=tolstoy-execute-flow&stepId=step`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-inngest-signature": "t=1&s=00" },
      body: JSON.stringify({
        event: { name: "flow/execute", data: { executionId: "exec_x" } },
        events: [],
        steps: {},
        ctx: { run_id: "x" },
      }),
    });
    expect(forged.status).toBe(401);
    expect(server.functions()).toEqual(before);
  });

  it("registers the address that it was told, not the one that a caller names", async () => {
    const { emptySignature } = await import("./keys");
    const headers = { host: "elsewhere.example", "x-inngest-signature": emptySignature(signingKey) };
    const status = await new Promise((resolve, reject) => {
      http
        .request(app.url, { method: "PUT", headers }, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(200);
    expect(new Set(server.functions().map(({ url }) => new URL(url).origin))).toEqual(new Set([app.origin]));
  });

  it("tells whether the server answers", async () => {
    expect(await register.inngestReachable()).toBe(true);
    await server.close();
    await until("the server is gone", async () => !(await register.inngestReachable()));
    server = await startInngestServer();
  });
});
