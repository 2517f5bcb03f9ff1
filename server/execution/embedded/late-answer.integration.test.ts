import { afterEach, expect, test } from "vitest";
import { startTcpProxy, type TcpProxy } from "@/server/testing/tcp-proxy";
import { never, until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

let proxy: TcpProxy;
let begun: string[] = [];
let onFirst = () => {};

const fixture = withEngines({
  writes: async (steps) => {
    await steps.run(
      "first",
      () => {
        begun.push("first");
        onFirst();
        return {};
      },
      { effect: "write" },
    );
    await steps.run(
      "second",
      () => {
        begun.push("second");
        return {};
      },
      { effect: "write" },
    );
  },
});

afterEach(() => proxy.close());

test("a process that hears late that it counts, and counts no more by then, begins no write", async () => {
  proxy = await startTcpProxy(Number(new URL(fixture.url).port));
  const url = new URL(fixture.url);
  url.port = String(proxy.port);
  const quietMs = 200;
  const slow = await fixture.engine({ connectionString: url.href, quietMs });
  const { rows } = await fixture.pool.query<{ id: string }>("select id from worker where not fenced");
  begun = [];
  onFirst = () => {
    onFirst = () => {};
    proxy.weather = "deaf";
  };
  const execution = newExecution(await fixture.organization(), "writes");
  const starting = slow.start(execution);
  await until(
    () => fixture.steps(execution.id),
    (steps) => steps.some(({ key, status }) => key === "first#0" && status === "succeeded"),
  );
  const recordedAt = performance.now();
  const other = await fixture.engine();
  await fixture.pool.query("select engine_retire($1)", [rows[0]!.id]);
  expect((await other.outcome(execution.id, "end", never())).status).toBe("succeeded");
  await until(() => performance.now() - recordedAt > quietMs);
  proxy.weather = "fair";
  expect((await starting).executionId).toBe(execution.id);
  await until(() => slow.running === 0);
  expect(begun).toEqual(["first", "second"]);
});
