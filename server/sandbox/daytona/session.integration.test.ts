import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import type { SandboxJob } from "@/flow/node/context";
import { executeForTest, type TestVisit } from "@/nodes/testing/execute";
import { resetEnv } from "@/server/env";
import { createHttpClient } from "@/server/http/guarded-client";
import { type DaytonaServer, startDaytonaServer } from "@/server/testing/daytona-server";
import { createSandbox } from "../sandbox";
import { DaytonaClient } from "./client";
import { createDaytonaSandbox } from "./sandbox";

/** Code that nobody waits for, and what comes of it. */
let daytona: DaytonaServer;
let http: ReturnType<typeof createHttpClient>;
let sandbox: ReturnType<typeof createSandbox>;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  process.env.DATABASE_URL ??= "postgresql://localhost/none";
  resetEnv();
  daytona = await startDaytonaServer();
  http = createHttpClient({ allowlist: [daytona.host] });
  const { apiKey, url: baseUrl } = daytona;
  const limits = { syncTimeoutMs: 1000, asyncTimeoutMs: 60_000, startPollMs: 5 };
  sandbox = createSandbox({ size: 1, daytona: createDaytonaSandbox({ apiKey, baseUrl, http, ...limits }) });
});
afterAll(async () => {
  await sandbox.close();
  await http.close();
  await daytona.close();
});
const discardAll = () => {
  const client = new DaytonaClient({ apiKey: daytona.apiKey, baseUrl: daytona.url, http });
  return Promise.all(daytona.alive().map((id) => client.delete(id)));
};
afterEach(discardAll);

const node = (parameters: JsonObject, visit: TestVisit = {}) => executeForTest("code", { sandbox, ...visit, parameters });
const begin = async (parameters: JsonObject): Promise<string> => {
  const { json } = await node({ runIn: "daytona", wait: "start", ...parameters });
  expect(json).toEqual([[{ success: true, sessionId: expect.any(String), executionTime: expect.any(Number) }]]);
  return String(json[0]?.[0]?.sessionId);
};
const result = (session: string, parameters: JsonObject = {}, visit: TestVisit = {}) =>
  node({ wait: "result", pollInterval: 100, ...parameters, session: "={{ $json.session }}" }, { items: [{ session }], ...visit });
/** Code that ends once it is let. */
const untilLet = (path: string) =>
  `const fs = require("node:fs"); while (!fs.existsSync(${JSON.stringify(path)})) await new Promise((done) => setTimeout(done, 10));`;

it("is gone on from at once, and its result is taken later, as often as anybody likes", async () => {
  const gate = `/tmp/gate-${process.pid}-${Date.now()}`;
  const session = await begin({ code: `${untilLet(gate)} console.log("done"); return { n: 42 };` });
  // It runs still: a step that asks once says so.
  await expect(result(session, { maxPollAttempts: 1 })).rejects.toThrow("had not ended after 1 polls");
  const waiting = result(session);
  await node({ runIn: "daytona", code: `require("node:fs").writeFileSync(${JSON.stringify(gate)}, ""); return {}` });
  const { json, logs } = await waiting;
  expect(json).toEqual([[{ n: 42 }]]);
  expect(logs).toContainEqual(expect.objectContaining({ level: "info", message: "done" }));
  expect((await result(session)).json).toEqual([[{ n: 42 }]]);
});

it("may be of several sessions, and of code that ran once for each item", async () => {
  const [one, two] = [await begin({ code: "return { n: 1 }" }), await begin({ code: "return [{ n: 2 }, { n: 3 }]" })];
  const items = [{ session: one }, { session: two }];
  const { outputs } = await node({ wait: "result", pollInterval: 100, session: "={{ $json.session }}" }, { items });
  expect(outputs[0]?.map(({ json, pairedItem }) => [json.n, pairedItem])).toEqual([
    [1, { item: 0 }],
    [2, { item: 1 }],
    [3, { item: 1 }],
  ]);
  const { json } = await node(
    { runIn: "daytona", wait: "start", mode: "eachItem", code: "return { double: $json.n * 2 }" },
    { items: [{ n: 1 }, { n: 2 }] },
  );
  expect((await result(String(json[0]?.[0]?.sessionId), { mode: "eachItem" })).json).toEqual([[{ double: 2 }, { double: 4 }]]);
});

it("fails where its result is taken, with what it had printed, or goes on when the node does", async () => {
  const session = await begin({ code: 'console.log("before"); null.x' });
  const failure = await result(session).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: expect.stringContaining("TypeError") });
  const { json, logs } = await result(session, {}, { continueOnFail: true });
  expect(json[0]).toMatchObject([{ error: expect.stringContaining("TypeError") }]);
  expect(logs).toContainEqual(expect.objectContaining({ message: "before" }));
  const endless = await begin({ code: "for (;;);", timeoutSeconds: 1 });
  await expect(result(endless)).rejects.toThrow("The code ran longer than 1 s and was stopped");
});

it("opens for its organization alone, and says nothing else of what is none", async () => {
  const session = await begin({ code: "return { secret: 1 }" });
  const job = (given: Partial<SandboxJob>) => sandbox.run({ language: "javascript", code: "", globals: {}, session, ...given });
  const refused = { name: "FatalError", message: expect.stringMatching(/^There is no such session/) };
  const flipped = session.slice(0, -2) + (session.endsWith("A") ? "BB" : "AA");
  daytona.calls.length = 0;
  await expect(job({ organizationId: "other" })).rejects.toMatchObject(refused);
  await expect(job({})).rejects.toMatchObject(refused);
  for (const made of ["", "x", daytona.alive()[0] ?? "", flipped]) {
    await expect(job({ organizationId: "org", session: made }), made).rejects.toMatchObject(refused);
  }
  expect(daytona.calls).toEqual([]);
  expect((await job({ organizationId: "org" })).value).toEqual({ secret: 1 });
});

it("is kept for a while after its time, and said to be gone after that", async () => {
  daytona.created.length = 0;
  const session = await begin({ code: "return {}", timeoutSeconds: 60 });
  await begin({ code: "return {}", timeoutSeconds: 60, wait: "start" });
  // A minute of its own, what building and starting may take, and half an hour.
  for (const made of daytona.created) expect(made).toMatchObject({ autoDeleteInterval: 0, autoStopInterval: 36, ttlMinutes: 36 });
  await discardAll();
  await expect(result(session)).rejects.toMatchObject({ name: "FatalError", message: expect.stringContaining("its container gone") });
});

it("leaves no container where it could not begin", async () => {
  daytona.fail("/process/session", 500, "broken");
  await expect(begin({ code: "return {}" })).rejects.toThrow("broken");
  expect(daytona.alive()).toEqual([]);
});

it("is waited for where code runs here, and where it keeps values it has to be", async () => {
  expect((await node({ wait: "start", code: "return { here: true }" })).json).toEqual([[{ here: true }]]);
  const keeping = { runIn: "daytona", wait: "start", code: "$getWorkflowStaticData('global').n = 1; return {}" };
  await expect(node(keeping)).rejects.toThrow("has to be waited for");
  const without = createSandbox({ size: 1 });
  await expect(without.run({ language: "javascript", code: "", globals: {}, session: "x" })).rejects.toThrow("Set DAYTONA_API_KEY");
  await without.close();
});
