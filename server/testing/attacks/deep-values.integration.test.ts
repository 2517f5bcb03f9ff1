import { beforeAll, expect, test } from "vitest";
import type { ServiceContext } from "@/server/services/context";
import { startExecution } from "@/server/services/executions/start";
import { createFlow } from "@/server/services/flows/create";
import { createMember } from "@/server/testing/factories";
import { lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";

withTestDatabase();
const engine = withRunningEngine();

let ctx: ServiceContext;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});

const start = { type: "manual-trigger" };
const DEEP = 100_000;

/** Ways in which a value that nothing can write down comes to be a step's. */
const WAYS = {
  "a file of JSON": lineOf({
    Start: start,
    Read: { type: "extract-from-file", parameters: { operation: "fromJson", binaryPropertyName: "data" } },
  }),
  code: lineOf({
    Start: start,
    Code: {
      type: "code",
      parameters: { language: "javascript", code: `let v = 1; for (let n = 0; n < ${DEEP}; n++) v = [v]; return [{ json: { v } }];` },
    },
  }),
  "text that code reads": lineOf({
    Start: start,
    Code: {
      type: "code",
      parameters: { language: "javascript", code: `return [{ json: { v: JSON.parse("[".repeat(${DEEP}) + "]".repeat(${DEEP})) } }];` },
    },
  }),
};

test.each(Object.entries(WAYS))(
  "a value that is nested a hundred thousand times, from %s, fails its own execution and no other",
  async (_, graph) => {
    const good = await createFlow({
      ctx,
      input: { graph: lineOf({ Start: start, Fields: { type: "set", parameters: { fields: [{ name: "n", value: "1" }] } } }) },
    });
    const bad = await createFlow({ ctx, input: { graph } });
    const data = Buffer.from(`{"v":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`).toString("base64");
    const items = [{ json: {}, binary: { data: { mimeType: "application/json", data } } }];
    const started = await Promise.all([
      ...Array.from({ length: 5 }, () => startExecution({ ctx, input: { flowId: good.id } })),
      startExecution({ ctx, input: { flowId: bad.id, items } }),
      ...Array.from({ length: 5 }, () => startExecution({ ctx, input: { flowId: good.id } })),
    ]);
    const outcomes = await Promise.all(started.map(({ executionId }) => engine.outcome(executionId)));
    expect(outcomes.map(({ status }) => status).filter((status) => status !== "succeeded")).toEqual(["failed"]);
    expect(outcomes[5]?.error?.message).toMatch(/\S/);
  },
);
