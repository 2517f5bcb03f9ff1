import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InngestServer } from "@/e2e/support/inngest-server/server";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { until } from "./testing/harness";

/** What runs as functions of Inngest's besides executions. */
describe("functions beside executions", () => {
  let database: TestDatabase;
  let server: InngestServer;
  let app: import("./testing/app").TestApp;
  let receiver: http.Server;
  let host = "";
  const received: string[] = [];
  let answers: number[] = [];
  /** What a polled service lists, and how much of it was seen. */
  let listed: number[] = [1];
  let seen = 0;
  let announceDeliveries: typeof import("./client")["announceDeliveries"];

  beforeAll(async () => {
    receiver = http.createServer((request, response) => {
      if (request.url === "/list") {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(listed.map((id) => ({ id }))));
        seen = listed.length;
        return;
      }
      received.push(String(request.headers["x-webhook-delivery"]));
      response.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    database = await createTestDatabase();
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      HTTP_ALLOWLIST: host,
      NEXTAUTH_SECRET: "a secret for tests that nobody uses elsewhere",
    });
    const { startInngestServer } = await import("@/e2e/support/inngest-server/server");
    server = await startInngestServer();
    const [{ startTestApp }, client, { setEngine }] = await Promise.all([
      import("./testing/app"),
      import("./client"),
      import("@/server/execution/get-engine"),
    ]);
    announceDeliveries = client.announceDeliveries;
    app = await startTestApp({ databaseUrl: database.url, inngestUrl: server.url });
    setEngine(app.engine);
    await server.sync(app.url);
    await app.pool.query("insert into organization (id, name, slug, updated_at) values ('org', 'Org', 'org', now())");
    await app.pool.query(
      "insert into webhook (id, organization_id, name, url, event_types, updated_at) values ('wh', 'org', 'Hook', $1, '{flow.failed}', now())",
      [`http://${host}/hook`],
    );
  });
  afterAll(async () => {
    await app.close();
    await server.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await (await import("@/server/services/webhooks/http")).webhookHttp().close();
    await (await import("@/server/sql")).closeSql();
    await database.drop();
  });

  const message = async (id: string) => {
    await app.pool.query(
      "insert into webhook_delivery (id, organization_id, webhook_id, event_type, payload) values ($1, 'org', 'wh', 'flow.failed', '{\"timestamp\":1}')",
      [id],
    );
    await announceDeliveries([id]);
    return until(`${id} is settled`, async () => {
      const { rows } = await app.pool.query("select status, attempts from webhook_delivery where id = $1 and status <> 'pending'", [id]);
      return rows[0] as { status: string; attempts: number } | undefined;
    });
  };

  it("dispatch-webhook sends a message, again after a fault, and leaves a refusal at that", { timeout: 30_000 }, async () => {
    answers = [500, 502];
    expect(await message("whd_flaky")).toEqual({ status: "delivered", attempts: 3 });
    expect(received).toEqual(["whd_flaky", "whd_flaky", "whd_flaky"]);
    answers = [410];
    expect(await message("whd_gone")).toEqual({ status: "failed", attempts: 1 });
  });

  it("dispatch-webhook told twice sends once", async () => {
    const before = received.length;
    expect(await message("whd_twice")).toEqual({ status: "delivered", attempts: 1 });
    await announceDeliveries(["whd_twice"]);
    await until("the second run had nothing to do", () => server.runs("dispatch-webhook").some((run) => run.output === "none"));
    expect(received.slice(before)).toEqual(["whd_twice"]);
  });

  it("schedule-tick starts what is due, and what falls due within its minute, once each", { timeout: 30_000 }, async () => {
    const start = '{"id":"Start","name":"Start","type":"schedule-trigger","version":1,"position":{"x":0,"y":0},"parameters":{}}';
    const graph = `{"nodes":[${start}],"edges":[],"settings":{},"variables":{}}`;
    await app.pool.query(
      `insert into flow (id, organization_id, name, draft, active, published_version, updated_at) values ('flow', 'org', 'Flow', $1, true, 1, now())`,
      [graph],
    );
    await app.pool.query(
      "insert into flow_version (id, organization_id, flow_id, version, graph) values ('version', 'org', 'flow', 1, $1)",
      [graph],
    );
    const { nextSlot } = await import("@/server/triggers/slots");
    const config = { rules: [{ every: "cron", cron: "*/2 * * * * *" }] };
    const next = nextSlot(config, new Date(), "UTC") ?? new Date();
    await app.pool.query(
      "insert into trigger (id, organization_id, flow_id, node_id, type, config, next_at, updated_at) values ('trigger', 'org', 'flow', 'Start', 'schedule', $1, $2, now())",
      [config, new Date(next.getTime() - 2000)],
    );
    const slots = async () => {
      const { rows } = await app.pool.query<{ key: string }>("select dedupe_key as key from trigger_event where type = 'schedule'");
      return rows.map(({ key }) => key);
    };
    server.tick("schedule-tick");
    server.tick("schedule-tick");
    const found = await until(
      "two slots were started",
      async () => {
        const keys = await slots();
        return keys.length >= 2 && keys;
      },
      20_000,
    );
    expect(new Set(found).size).toBe(found.length);
    for (const run of server.runs("schedule-tick")) server.cancelRun(run.id);
  });

  it("retention deletes executions and arrivals that are no longer kept, whole, and leaves the others", async () => {
    await app.pool.query(
      `insert into execution (id, organization_id, flow_id, draft_graph, mode, status, trigger_node_id, created_at, started_at, finished_at, engine)
       select 'exec_' || days, 'org', 'old', '{}', 'api', 'succeeded', 'Start', at, at, at, 'inngest'
       from unnest(array[89, 91]) days, lateral (select now() - make_interval(days => days) as at) of`,
    );
    await app.pool.query(
      `insert into trigger_event (id, organization_id, flow_id, type, execution_id)
       select 'evt_of_' || days, 'org', 'old', 'api', 'exec_' || days from unnest(array[89, 91]) days`,
    );
    await app.pool.query(
      `insert into trigger_event (id, organization_id, flow_id, type, held_for, input, received_at)
       select 'evt_kept_' || days, 'org', 'old', 'webhook', 'inactive', '[]', now() - make_interval(days => days) from unnest(array[29, 31]) days`,
    );
    server.tick("retention");
    const left = async () => {
      const { rows } = await app.pool.query<{ id: string }>(
        "select id from execution where flow_id = 'old' union select id from trigger_event where flow_id = 'old' order by id",
      );
      return rows.map(({ id }) => id);
    };
    await until("the old ones are gone", async () => (await left()).length === 3);
    expect(await left()).toEqual(["evt_kept_29", "evt_of_89", "exec_89"]);
  });

  it("poll-tick polls what is due, by several ticks at once, and starts what is new once", { timeout: 40_000 }, async () => {
    const parameters = { url: `http://${host}/list`, rules: [{ every: "cron", cron: "* * * * * *" }], each: "event" };
    const node = { id: "Watch", name: "Watch", type: "poll-http", version: 1, position: { x: 0, y: 0 }, parameters };
    const graph = { nodes: [node], edges: [], settings: {}, variables: {} };
    await app.pool.query(
      `insert into flow (id, organization_id, name, draft, active, published_version, updated_at) values ('polling', 'org', 'Polling', $1, true, 1, now())`,
      [graph],
    );
    await app.pool.query(
      "insert into flow_version (id, organization_id, flow_id, version, graph) values ('polling', 'org', 'polling', 1, $1)",
      [graph],
    );
    await app.pool.query(
      "insert into trigger (id, organization_id, flow_id, node_id, type, config, updated_at) values ('polling', 'org', 'polling', 'Watch', 'poll', $1, now())",
      [parameters],
    );
    await app.pool.query("insert into poll_state (trigger_id, organization_id, next_at) values ('polling', 'org', now())");
    server.tick("poll-tick");
    server.tick("poll-tick");
    await until("the list was seen", () => seen === 1, 20_000);
    listed = [3, 2, 1];
    const found = await until(
      "two executions were started",
      async () => {
        const { rows } = await app.pool.query<{ input: string; key: string }>(
          "select x.input, e.dedupe_key as key from execution x join trigger_event e on e.execution_id = x.id where x.flow_id = 'polling' order by key",
        );
        return rows.length >= 2 && rows;
      },
      30_000,
    );
    expect(found).toEqual([
      { key: "poll:1:2", input: '[{"json":{"id":2}}]' },
      { key: "poll:1:3", input: '[{"json":{"id":3}}]' },
    ]);
    for (const run of server.runs("poll-tick")) server.cancelRun(run.id);
  });
});
