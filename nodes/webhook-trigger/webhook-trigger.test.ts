import { expect, it } from "vitest";
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

it("takes only methods and codes that exist", () => {
  expect(() => parseParameters(webhookTrigger, { methods: ["BREW"] })).toThrow('"methods[0]"');
  expect(() => parseParameters(webhookTrigger, { methods: [] })).toThrow('"methods"');
  expect(() => parseParameters(webhookTrigger, { responseCode: 1000 })).toThrow('"responseCode"');
});
