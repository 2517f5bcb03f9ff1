import { expect, test } from "vitest";
import { toolSchema } from "@/flow/tools/schema";
import { hostsOfTool } from "./tool";

const hostsFor = (baseUrl: string, fields: Record<string, string>) =>
  hostsOfTool(toolSchema.parse({ key: "models", name: "Models", baseUrl, auth: { type: "bearer" } }), fields);

test("A credential that says where its account is may go there and nowhere else, without TLS only where it says so", () => {
  const own = "https://{{auth.base_url}}";
  expect(hostsFor(own, { base_url: "https://api.mistral.ai/v1" })).toEqual(["api.mistral.ai"]);
  expect(hostsFor(own, { base_url: "api.mistral.ai/v1/" })).toEqual(["api.mistral.ai"]);
  expect(hostsFor(own, { base_url: "http://ollama:11434/v1" })).toEqual(["http://ollama:11434"]);
  expect(hostsFor("https://api.example.com/{{auth.base_url}}", { base_url: "http://evil.test" })).toEqual(["api.example.com"]);
  expect(hostsFor(own, {})).toEqual([]);
});
