import { expect, it } from "vitest";
import { executeForTest } from "../testing/execute";
import { eventTrigger } from "./definition";

it("passes on what came", async () => {
  expect((await executeForTest("event-trigger", { items: [{ a: 1 }] })).json).toEqual([[{ a: 1 }]]);
  expect((await executeForTest("event-trigger", { items: [] })).json[0]).toHaveLength(1);
});

it("says that the ends of flows are chosen, not named", () => {
  const issueOf = (name: string) => eventTrigger.parameters.safeParse({ name }).error?.issues[0];
  expect(issueOf("tolstoy/flow.failed")).toMatchObject({ path: ["name"], message: expect.stringContaining("Another flow ended") });
  for (const name of ["order.*", "tolstoy/*", "tolstoy/order.created", ""]) expect(issueOf(name)).toBeUndefined();
});
