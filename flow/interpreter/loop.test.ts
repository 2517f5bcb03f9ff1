import { describe, expect, it } from "vitest";
import { sketch } from "./testing/registry";
import { outputOf, runSketch } from "./testing/run";

//             ┌──────────────┐
//             v              │
//  Start ─> Loop ─ again ─> Body
//             └─ done ──> End
const looping = (times: number) =>
  sketch(
    {
      Start: { type: "start" },
      Loop: { type: "loop", parameters: { times } },
      Body: { at: [2, 100], parameters: { set: { count: "={{ ($json.count ?? 0) + 1 }}", before: "={{ $('Body').isExecuted }}" } } },
      End: { at: [2, 0], parameters: { set: { seen: "={{ $('Body').all().length }}", last: "={{ $('Body').last().json.count }}" } } },
    },
    ["Start -> Loop", "Loop.done -> End", "Loop.again -> Body", "Body -> Loop"],
  );

describe("loops", () => {
  it("visit their nodes once a round, each visit with a run index of its own", async () => {
    const run = await runSketch(looping(3));
    expect(run.steps.map((step) => step.key)).toEqual([
      "Start#0",
      "Loop#0",
      "Body#0",
      "Loop#1",
      "Body#1",
      "Loop#2",
      "Body#2",
      "Loop#3",
      "End#0",
    ]);
    expect(outputOf(run, "Body#0")[0]).toMatchObject({ count: 1, before: false });
    expect(outputOf(run, "Body#1")[0]).toMatchObject({ count: 2, before: true });
  });

  it("show expressions the latest run of a node", async () => {
    expect(outputOf(await runSketch(looping(3)), "End#0")[0]).toMatchObject({ seen: 1, last: 3 });
  });

  it("that never end are stopped with a message that names the node and what to do", async () => {
    const run = await runSketch(looping(1_000_000), [{}], { maxVisits: 50 });
    expect(run.status).toBe("failed");
    expect(run.error?.nodeName).toMatch(/Loop|Body/);
    expect(run.error?.message).toMatch(/more than 50 node visits.*limit of visits/);
    expect(run.steps.length).toBeLessThanOrEqual(51);
  });

  it("of thousands of rounds stay fast enough to matter", async () => {
    const run = await runSketch(looping(5000), [{}], { maxVisits: 20_000 });
    expect(run.status).toBe("succeeded");
    expect(outputOf(run, "End#0")[0]).toMatchObject({ last: 5000 });
  });
});
