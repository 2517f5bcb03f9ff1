import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Flow } from "@/prisma/generated/client";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import { recordExecution } from "@/server/testing/executions";
import { createFlow, createOrganization } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleResume } from "./resume";
import { resumeUrl } from "./resume-links";

withTestDatabase({ unchecked: "its executions are rows that it wrote itself" });

let flow: Flow;
let engine: RecordingEngine;
beforeAll(async () => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  flow = await createFlow({ organizationId: (await createOrganization()).id });
});
beforeEach(() => {
  engine = recordingEngine();
  setEngine(engine);
});

const waitingFor = async (...forms: ("approval" | "webhook")[]) => {
  const steps = forms.map((form, index) => ({
    nodeId: `wait${index}`,
    status: "waiting",
    output: { outputs: [[{ json: {} }]], suspend: { kind: "event", event: "resume", form } as const },
  }));
  return recordExecution({ organizationId: flow.organizationId, flowId: flow.id, status: "waiting", steps });
};

function call(url: string, init: RequestInit = {}): Promise<Response> {
  const [executionId = "", token = ""] = new URL(url).pathname.split("/").slice(-2);
  return handleResume(new Request(url, init), { executionId, token });
}

const json = (body: unknown) => ({ method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

test("a mail scanner that follows the link of an approval changes nothing and learns nothing", async () => {
  const { id } = await waitingFor("approval");
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    const answer = await call(resumeUrl(id), { method });
    expect(answer.status).toBeLessThan(300);
    const text = await answer.text();
    expect(text).not.toContain(flow.name);
    expect(text).not.toContain(id);
  }
  expect(engine.signals).toEqual([]);
});

test("a decision that is posted goes to the waiting step, once", async () => {
  const { id } = await waitingFor("approval");
  const answer = await call(resumeUrl(id), json({ approved: false, comment: "no" }));
  expect(answer.status).toBe(200);
  expect(engine.signals).toMatchObject([
    {
      organizationId: flow.organizationId,
      executionId: id,
      event: "resume",
      correlation: `${id}:wait0#0`,
      payload: { approved: false, comment: "no", by: "link" },
    },
  ]);
  expect((await call(resumeUrl(id), json({ approved: true }))).status).toBe(409);
  expect(engine.signals).toHaveLength(1);
});

test("the page's own form decides too", async () => {
  const { id } = await waitingFor("approval");
  const answer = await call(resumeUrl(id), { method: "POST", body: new URLSearchParams({ approved: "true", comment: "" }) });
  expect(answer.headers.get("content-type")).toContain("text/html");
  expect(engine.signals).toMatchObject([{ payload: { approved: true } }]);
});

test.each([{}, { approved: "maybe" }, { approved: 1 }, []])("a post of %j is no decision", async (body) => {
  const { id } = await waitingFor("approval");
  expect((await call(resumeUrl(id), json(body))).status).toBe(422);
  expect(engine.signals).toEqual([]);
});

test("a wait for a call takes any method, and what it brings", async () => {
  const { id } = await waitingFor("webhook");
  expect((await call(`${resumeUrl(id)}?paid=yes`)).status).toBe(200);
  expect(engine.signals).toMatchObject([{ payload: { method: "GET", query: { paid: "yes" }, body: {} } }]);
});

test("of several waits the link takes the first, or the one that it names", async () => {
  const { id } = await waitingFor("webhook", "approval");
  await call(`${resumeUrl(id)}?step=${encodeURIComponent("wait1#0")}`, json({ approved: true }));
  await call(resumeUrl(id));
  expect(engine.signals.map(({ correlation }) => correlation)).toEqual([`${id}:wait1#0`, `${id}:wait0#0`]);
});

test("a link that is guessed, another execution's, ended or for nothing answers the same", async () => {
  const [one, two] = [await waitingFor("approval"), await waitingFor("approval")];
  const ended = await waitingFor("approval");
  await db().execution.update({ where: { id: ended.id }, data: { status: "cancelled" } });
  const idle = await recordExecution({ organizationId: flow.organizationId, flowId: flow.id, status: "running" });
  const token = resumeUrl(one.id).split("/").at(-1) ?? "";
  const urls = [
    resumeUrl(two.id).replace(/[^/]+$/, token),
    resumeUrl(two.id).replace(/[^/]+$/, "x"),
    resumeUrl(two.id).slice(0, -1),
    resumeUrl("exec_nowhere"),
    resumeUrl(ended.id),
    resumeUrl(idle.id),
  ];
  for (const url of urls) {
    const answer = await call(url, json({ approved: true }));
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: { code: "not_found", message: "Nothing waits here (any more)." } },
    ]);
  }
  expect(engine.signals).toEqual([]);
});
