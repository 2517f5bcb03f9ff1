import { expect, test } from "vitest";
import type { Hint } from "@/flow/execution/events";
import { until, withEngines } from "./testing/engines";
import { newExecution } from "./testing/scripts";

let open: () => void = () => {};
const fixture = withEngines({
  held: async (steps) => {
    await steps.run("before", () => null);
    await steps.run("held", () => new Promise<null>((resolve) => (open = () => resolve(null))));
  },
});

test("whoever asks in the middle of a step hears that it is under way, and afterwards that nothing is", async () => {
  let report: (id: string) => Hint[] = () => [];
  const engine = await fixture.engine({
    liveBus: {
      isHeard: () => false,
      publish() {},
      reportsWith(given) {
        report = given;
        return () => {};
      },
    },
  });
  const execution = newExecution(await fixture.organization(), "held");
  await engine.start(execution);
  const hints = await until(
    () => report(execution.id),
    (given) => given.length > 0,
  );
  expect(hints).toMatchObject([{ type: "hint", key: "held#0", nodeId: "held", attempt: 1 }]);
  expect(report("exec_other")).toEqual([]);
  open();
  await until(
    async () => (await fixture.execution(execution.id)).status,
    (status) => status === "succeeded",
  );
  expect(report(execution.id)).toEqual([]);
});
