import { expect, it } from "vitest";
import { outputHandles } from "@/flow/node/define-node";
import { parseParameters } from "@/flow/node/parameters";
import { executeForTest } from "../testing/execute";
import { webhookTrigger } from "./definition";

it("passes on the recorded call, and an empty one where there was none", async () => {
  const call = {
    json: { headers: { a: "b" }, query: {}, params: {}, body: { n: 1 } },
    binary: { file: { mimeType: "text/plain", data: "aGk=" } },
  };
  expect((await executeForTest("webhook-trigger", { items: [call] })).outputs).toEqual([[call]]);
  expect((await executeForTest("webhook-trigger", { items: [] })).json).toEqual([[{ headers: {}, params: {}, query: {}, body: {} }]]);
});

it("sends a call by the output of its method, where it has one for each", async () => {
  const call = { json: { method: "POST", body: {} } };
  const parameters = { methods: ["GET", "POST"], outputPerMethod: true };
  expect(outputHandles(webhookTrigger, { parameters }).map(({ name }) => name)).toEqual(["get", "post"]);
  expect((await executeForTest("webhook-trigger", { items: [call], parameters })).outputs).toEqual([[], [call]]);
  expect(outputHandles(webhookTrigger, { parameters: { methods: ["GET"], outputPerMethod: true } })).toEqual([{ name: "main" }]);
});

it("takes only methods and codes that exist", () => {
  expect(() => parseParameters(webhookTrigger, { methods: ["BREW"] })).toThrow('"methods[0]"');
  expect(() => parseParameters(webhookTrigger, { methods: [] })).toThrow('"methods"');
  expect(() => parseParameters(webhookTrigger, { responseCode: 1000 })).toThrow('"responseCode"');
});
