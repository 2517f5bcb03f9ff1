import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import { discardArrival } from "@/server/services/arrivals/discard";
import { getArrival } from "@/server/services/arrivals/get";
import { listArrivals } from "@/server/services/arrivals/list";
import { replayArrival } from "@/server/services/arrivals/replay";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { deleteFlow } from "@/server/services/flows/delete";
import { replaceFlow } from "@/server/services/flows/replace";
import { setFlowActive } from "@/server/services/flows/set-active";
import { setTriggerSecret } from "@/server/services/triggers/secret";
import { hookGraph } from "@/server/testing/executions";
import { createMember } from "@/server/testing/factories";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { type ArrivalType, keepArrival, MOST_HELD, MOST_TESTS } from "./held-arrivals";
import { handleTestWebhook, handleWebhook } from "./webhook";

withTestDatabase();

let ctx: ServiceContext;
let engine: RecordingEngine;
beforeAll(() => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});
beforeEach(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
  engine = recordingEngine();
  setEngine(engine);
});

interface Hook {
  id: string;
  flowId: string;
}

async function createHook(parameters: JsonObject = {}, publish = true): Promise<Hook> {
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph: hookGraph(parameters), publish } });
  return { id: triggers[0]?.id ?? "", flowId };
}

async function switchedOff(parameters: JsonObject = {}): Promise<Hook> {
  const hook = await createHook(parameters);
  await setFlowActive({ ctx, input: { id: hook.flowId, active: false } });
  return hook;
}

const send =
  (handler: typeof handleWebhook) =>
  (id: string, body: unknown, headers: Record<string, string> = {}, method = "POST") =>
    handler(
      new Request(`http://localhost:3000/api/hooks/${id}`, {
        method,
        ...(method !== "GET" && { body: JSON.stringify(body) }),
        headers: { "content-type": "application/json", ...headers },
      }),
      id,
    );
const call = send(handleWebhook);
const tryOut = send(handleTestWebhook);
const waiting = async (flowId?: string) => (await listArrivals({ ctx, input: { flowId } })).arrivals;

describe("calls of a flow that is switched off", () => {
  test("are kept with what they brought, and start nothing until they are replayed", async () => {
    const { id, flowId } = await switchedOff();
    const answer = await call(id, { n: 7 });
    const { arrivalId } = (await answer.json()) as { arrivalId: string };
    expect(answer.status).toBe(202);
    expect(engine.started).toEqual([]);
    expect(await waiting(flowId)).toMatchObject([{ id: arrivalId, flowId, triggerId: id, heldFor: "inactive", replayedAs: null }]);
    expect((await getArrival({ ctx, input: { id: arrivalId } })).items).toMatchObject([{ json: { body: { n: 7 } } }]);

    const { executionId } = await replayArrival({ ctx, input: { id: arrivalId } });
    expect(engine.started).toMatchObject([
      { id: executionId, flowId, flowVersion: 1, mode: "webhook", triggerNodeId: "hook", items: [{ json: { body: { n: 7 } } }] },
    ]);
    expect(await waiting(flowId)).toEqual([]);
    const { arrivals } = await listArrivals({ ctx, input: { flowId, state: "replayed" } });
    expect(arrivals).toMatchObject([{ id: arrivalId, replayedAs: executionId }]);
  });

  test("are replayed once, however many ask at once, and after a crash before the replay was noted", async () => {
    const { id } = await switchedOff();
    const { arrivalId } = (await (await call(id, {})).json()) as { arrivalId: string };
    const answers = await Promise.all(Array.from({ length: 10 }, () => replayArrival({ ctx, input: { id: arrivalId } })));
    expect(new Set(answers.map(({ executionId }) => executionId)).size).toBe(1);
    await db().triggerEvent.update({ where: { id: arrivalId }, data: { replayedAs: null, input: '[{"json":{}}]' } });
    await replayArrival({ ctx, input: { id: arrivalId } });
    expect(engine.started).toHaveLength(1);
  });

  test("run on the version that is published when they are replayed", async () => {
    const { id, flowId } = await switchedOff();
    const { arrivalId } = (await (await call(id, {})).json()) as { arrivalId: string };
    await replaceFlow({ ctx, input: { id: flowId, graph: hookGraph({ responseCode: 201 }), publish: true } });
    await replayArrival({ ctx, input: { id: arrivalId } });
    expect(engine.started).toMatchObject([{ flowVersion: 2 }]);
  });

  test("one delivery is kept once, and starts one execution, whether it is replayed or comes again", async () => {
    const { id, flowId } = await switchedOff();
    const delivery = { "x-github-delivery": "abc" };
    const answers = await Promise.all(Array.from({ length: 5 }, () => call(id, {}, delivery)));
    const ids = new Set(await Promise.all(answers.map(async (answer) => ((await answer.json()) as { arrivalId: string }).arrivalId)));
    expect(await waiting(flowId)).toHaveLength(1);
    await setFlowActive({ ctx, input: { id: flowId, active: true } });
    expect((await call(id, {}, delivery)).status).toBe(200);
    for (const arrivalId of ids) expect(await replayArrival({ ctx, input: { id: arrivalId } })).toMatchObject({ duplicate: true });
    expect(engine.started).toHaveLength(1);
  });

  test("large ones keep their bytes beside the row, which go when they are discarded", async () => {
    const { id, flowId } = await switchedOff();
    const text = `\u0000${"x".repeat(200_000)}`;
    const { arrivalId } = (await (await call(id, { text })).json()) as { arrivalId: string };
    expect((await getArrival({ ctx, input: { id: arrivalId } })).items?.[0]?.json.body).toEqual({ text });
    expect(await db().payload.count()).toBe(1);
    await discardArrival({ ctx, input: { id: arrivalId } });
    expect([await db().payload.count(), await waiting(flowId)]).toEqual([0, []]);
    await expect(getArrival({ ctx, input: { id: arrivalId } })).rejects.toMatchObject({ code: "not_found" });
  });

  test("once replayed cannot be discarded, once discarded cannot be replayed", async () => {
    const { id } = await switchedOff();
    const [one, two] = await Promise.all([1, 2].map(async () => ((await (await call(id, {})).json()) as { arrivalId: string }).arrivalId));
    await replayArrival({ ctx, input: { id: one ?? "" } });
    await expect(discardArrival({ ctx, input: { id: one ?? "" } })).rejects.toMatchObject({ code: "conflict" });
    await discardArrival({ ctx, input: { id: two ?? "" } });
    await expect(replayArrival({ ctx, input: { id: two ?? "" } })).rejects.toMatchObject({ code: "not_found" });
  });

  test("beyond what a trigger may keep are refused, so that their sender tries again", async () => {
    const { id, flowId } = await switchedOff();
    const { actor } = ctx;
    const row = { organizationId: actor.organizationId, flowId, triggerId: id, type: "webhook", heldFor: "inactive", inputBytes: 2 };
    await db().triggerEvent.createMany({ data: Array.from({ length: MOST_HELD }, (_, n) => ({ ...row, id: `evt_${id}_${n}` })) });
    const answer = await call(id, {});
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "3600"]);
    expect((await call((await switchedOff()).id, {})).status).toBe(202);
  });

  test("are checked as ever: a stranger, another method and broken JSON leave nothing behind", async () => {
    const { id, flowId } = await switchedOff({ authentication: "header" });
    await setTriggerSecret({ ctx, input: { id, secret: "correct horse" } });
    expect((await call(id, {})).status).toBe(401);
    expect((await call(id, {}, {}, "PUT")).status).toBe(405);
    expect(await waiting(flowId)).toEqual([]);
    expect((await call(id, {}, { "X-API-Key": "correct horse" })).status).toBe(202);
    expect(JSON.stringify(await db().triggerEvent.findMany({ where: { flowId } }))).not.toContain("correct horse");
  });

  test("of a deleted flow are not, and wait for its return once they are", async () => {
    const { id, flowId } = await switchedOff();
    const { arrivalId } = (await (await call(id, {})).json()) as { arrivalId: string };
    await deleteFlow({ ctx, input: { id: flowId } });
    expect((await call(id, {})).status).toBe(404);
    await expect(replayArrival({ ctx, input: { id: arrivalId } })).rejects.toMatchObject({ code: "not_found" });
  });
});

test("calls of a version that cannot be read are kept, and run once it is mended", async () => {
  const { id, flowId } = await createHook();
  await db().flowVersion.updateMany({ where: { flowId }, data: { graph: { nodes: "none" } } });
  expect((await call(id, { n: 1 })).status).toBe(202);
  const [arrival] = await waiting(flowId);
  expect(arrival).toMatchObject({ heldFor: "broken" });
  await replaceFlow({ ctx, input: { id: flowId, graph: hookGraph({ responseCode: 201 }), publish: true } });
  await replayArrival({ ctx, input: { id: arrival?.id ?? "" } });
  expect(engine.started).toMatchObject([{ flowVersion: 2, items: [{ json: { body: { n: 1 } } }] }]);
});

test("the list says what each came by, and shows those of chosen kinds", async () => {
  const { id, flowId } = await switchedOff();
  const base = {
    organizationId: ctx.actor.organizationId,
    flowId,
    triggerId: id,
    heldFor: "inactive",
    dedupeKey: null,
    items: [],
  } as const;
  for (const type of ["webhook", "form", "poll", "schedule"] as const) await keepArrival({ ...base, type, items: [] });
  const typesOf = async (type?: ArrivalType[]) =>
    (await listArrivals({ ctx, input: { flowId, type } })).arrivals.map((arrival) => arrival.type).sort();
  expect(await typesOf()).toEqual(["form", "poll", "schedule", "webhook"]);
  expect(await typesOf([])).toHaveLength(4);
  expect(await typesOf(["poll", "form"])).toEqual(["form", "poll"]);
  expect(await typesOf(["chat"])).toEqual([]);
  await expect(typesOf(["owl" as ArrivalType])).rejects.toMatchObject({ code: "invalid" });
  const [one] = (await listArrivals({ ctx, input: { flowId, type: ["schedule"] } })).arrivals;
  expect(await getArrival({ ctx, input: { id: one?.id ?? "" } })).toMatchObject({ type: "schedule" });
});

test("the list pages through, newest first, without leaving any out", async () => {
  const { id, flowId } = await switchedOff();
  const base = { organizationId: ctx.actor.organizationId, flowId, triggerId: id, heldFor: "inactive", dedupeKey: null } as const;
  const ids = await Promise.all(Array.from({ length: 7 }, (_, n) => keepArrival({ ...base, items: [{ json: { n } }] })));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listArrivals>> = await listArrivals({ ctx, input: { limit: 3, cursor } });
    seen.push(...page.arrivals.map((arrival) => arrival.id));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen.toSorted()).toEqual(ids.toSorted());
});

describe("the test URL", () => {
  const tests = async (triggerId: string) => (await listArrivals({ ctx, input: { triggerId, state: "test" } })).arrivals;

  test("takes calls of a draft that was never published, and a call runs that draft as often as one likes", async () => {
    const { id, flowId } = await createHook({ methods: ["GET", "POST"] }, false);
    expect((await call(id, {})).status).toBe(404);
    expect((await tryOut(id, { n: 1 })).status).toBe(200);
    expect(engine.started).toEqual([]);
    const [arrival] = await tests(id);
    for (let times = 0; times < 2; times++) await replayArrival({ ctx, input: { id: arrival?.id ?? "" } });
    expect(engine.started).toMatchObject(
      Array(2).fill({ flowId, flowVersion: null, mode: "manual", triggerNodeId: "hook", items: [{ json: { body: { n: 1 } } }] }),
    );
    expect(await waiting(flowId)).toEqual([]);
  });

  test("keeps the last ten", async () => {
    const { id } = await createHook();
    for (let n = 0; n < MOST_TESTS + 3; n++)
      await tryOut(id, { n, text: n < 2 ? "x".repeat(100_000) : "" }, { "x-github-delivery": "same" });
    const kept = await Promise.all((await tests(id)).map((arrival) => getArrival({ ctx, input: { id: arrival.id } })));
    expect(kept.map(({ items }) => (items?.[0]?.json.body as { n?: number } | undefined)?.n)).toEqual(
      Array.from({ length: MOST_TESTS }, (_, index) => MOST_TESTS + 2 - index),
    );
    expect(await db().payload.count({ where: { organizationId: ctx.actor.organizationId } })).toBe(0);
  });

  test("checks callers as the draft says, not as the published version did", async () => {
    const { id, flowId } = await createHook();
    await replaceFlow({ ctx, input: { id: flowId, graph: hookGraph({ authentication: "header" }) } });
    expect((await tryOut(id, {})).status).toBe(401);
    expect((await call(id, {})).status).toBe(200);
    await setTriggerSecret({ ctx, input: { id, secret: "correct horse" } });
    expect((await tryOut(id, {}, { "X-API-Key": "correct horse" })).status).toBe(200);
  });

  test("answers for nothing that is unknown, deleted or no webhook any more", async () => {
    const deleted = await createHook();
    await deleteFlow({ ctx, input: { id: deleted.flowId } });
    const removed = await createHook({}, false);
    const other = { ...hookGraph(), nodes: [{ ...hookGraph().nodes[0]!, id: "m", type: "manual-trigger" }] };
    await replaceFlow({ ctx, input: { id: removed.flowId, graph: other } });
    for (const id of ["nowhere", "\u0000", "x".repeat(500), deleted.id, removed.id]) expect((await tryOut(id, {})).status).toBe(404);
  });
});
