import { describe, expect, it } from "vitest";
import type { ToolAuth } from "@/flow/tools/schema";
import { catalogEntries, catalogTool } from "@/server/catalog";
import { fieldsOfCredential } from "./credential-fields";
import { TOOL_HINTS } from "./service-hints";
import { waysFor } from "./ways";

const tool = (auth: ToolAuth, baseUrl = "https://api.example.com") => ({ key: "shop", auth, baseUrl });
const names = (auth: ToolAuth, baseUrl?: string) =>
  waysFor(tool(auth, baseUrl)).map(({ type, fields }) => [type, fields?.map(({ name }) => name)]);

describe("ways of proving oneself to a tool", () => {
  it("asks for what the tool's headers and address name", () => {
    expect(names({ type: "custom", headers: { "X-Key": "{{secrets.app_key}}", "X-User": "{{ secrets.user }}" } })).toEqual([
      ["custom", ["app_key", "user"]],
    ]);
    expect(names({ type: "custom", headers: { Authorization: "Bot {{secrets.token}}" } })).toEqual([["bearer", ["token"]]]);
    expect(names({ type: "bearer" }, "https://{{auth.site}}/api")).toEqual([["bearer", ["site", "token"]]]);
  });

  it("begins with signing in where the tool is made for it", () => {
    expect(names({ type: "oauth2" }).map(([type]) => type)).toEqual(["oauth2", "bearer"]);
    expect(names({ type: "none" })).toEqual([]);
  });

  it("has one for each ready tool that wants a proof, and asks for each field once", async () => {
    for (const { key } of catalogEntries()) {
      const ready = await catalogTool(key);
      if (!ready || ready.auth.type === "none") continue;
      const ways = waysFor(ready);
      expect(ways.length, key).toBeGreaterThan(0);
      for (const { fields = [] } of ways) expect(new Set(fields.map(({ name }) => name)).size, key).toBe(fields.length);
    }
  });

  it("says of no tool that does not exist where its key is", () => {
    const known = new Set(catalogEntries().map(({ key }) => key));
    expect(Object.keys(TOOL_HINTS).filter((key) => !known.has(key))).toEqual([]);
  });
});

describe("fields of a credential", () => {
  it("go by the labels of their kind, and others by their names", () => {
    const labels = fieldsOfCredential({
      type: "custom",
      toolKey: null,
      fields: { host: "db", password: "***", shard: "7" },
      settings: { kind: "postgres" },
    }).map(({ name, label }) => `${name}: ${label}`);
    expect(labels).toContain("host: Host");
    expect(labels).toContain("password: Password");
    expect(labels.at(-1)).toBe("shard: shard");
  });

  it("go by the service's own words", () => {
    const fields = fieldsOfCredential({ type: "basic_auth", toolKey: "twilio", fields: {}, settings: {} });
    expect(fields.map(({ label }) => label)).toEqual(["Account SID", "Auth token"]);
  });
});
