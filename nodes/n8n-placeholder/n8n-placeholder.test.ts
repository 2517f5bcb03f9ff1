import { describe, expect, it } from "vitest";
import { inputHandles, outputHandles } from "@/flow/node/define-node";
import { executeForTest } from "../testing/execute";
import { n8nPlaceholder } from "./definition";

describe("Placeholder", () => {
  it("fails with the name of the node that it stands for, and what to do", async () => {
    const parameters = { original: { type: "n8n-nodes-base.slack" }, reason: "n8n-nodes-base.slack has no counterpart" };
    await expect(executeForTest("n8n-placeholder", { parameters })).rejects.toThrow(
      /stands for n8n-nodes-base\.slack, which has no counterpart\. Put another node in its place/,
    );
  });

  it("has the ports that the original had", () => {
    expect(inputHandles(n8nPlaceholder, { inputs: 0 })).toEqual([]);
    expect(outputHandles(n8nPlaceholder, { parameters: {} }).map(({ name }) => name)).toEqual(["main"]);
    expect(
      outputHandles(n8nPlaceholder, { parameters: { outputs: 2 }, settings: { onError: "errorOutput" } }).map(({ name }) => name),
    ).toEqual(["port1", "port2", "error"]);
  });
});
