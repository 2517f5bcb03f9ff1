import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Graph, graphSchema } from "@/flow/graph/schema";
import { hashPassword } from "@/server/auth/password";
import { createExecutionCredentials } from "@/server/credentials/execution-credentials";
import { openCredential } from "@/server/credentials/open";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { type ClosableHttpClient, createHttpClient } from "@/server/http/guarded-client";
import type { ServiceContext } from "@/server/services/context";
import { createTool } from "@/server/services/tools/create";
import { createApiKey, createFlow, createMember, createOrganization, createUser } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { createFlow as createFlowService } from "../flows/create";
import { saveDraft } from "../flows/save-draft";
import { beginOAuth } from "../oauth/begin";
import { getOAuthConfig, setOAuthConfig } from "../oauth/config";
import { createCredential } from "./create";
import { deleteCredential } from "./delete";
import { getCredential } from "./get";
import { listCredentials } from "./list";
import { rotateCredential } from "./rotate";
import { shareCredential } from "./share";
import { testCredential } from "./test";
import { getToolSecrets, listToolSecrets, setToolSecrets } from "./tool-secrets";
import { unmaskCredential } from "./unmask";
import { updateCredential } from "./update";

withTestDatabase();

const PASSWORD = "war and peace and bread";
let organizationId: string;
let admin: ServiceContext;
let editor: ServiceContext;
let viewer: ServiceContext;
let client: ClosableHttpClient;
let server: http.Server;
let base: string;
let seen: http.IncomingMessage[];

beforeAll(() => {
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
});
beforeEach(async () => {
  organizationId = (await createOrganization()).id;
  const passwordHash = await hashPassword(PASSWORD);
  const as = async (role: "admin" | "editor" | "viewer") =>
    (await createMember({ organizationId, role, userId: (await createUser({ passwordHash })).id })).context;
  [admin, editor, viewer] = await Promise.all([as("admin"), as("editor"), as("viewer")]);
  seen = [];
  server = http.createServer((request, response) => {
    seen.push(request);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    if (pathname === "/redirect") return void response.writeHead(302, { location: searchParams.get("to") ?? "" }).end();
    response.writeHead(pathname === "/denied" ? 401 : 200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  process.env.HTTP_ALLOWLIST = `127.0.0.1:${port},localhost:${port}`;
  resetEnv();
  (globalThis as { tolstoyHttpClient?: unknown }).tolstoyHttpClient = undefined;
  client = createHttpClient({ allowlist: [`127.0.0.1:${port}`, `localhost:${port}`] });
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
  process.env.TOLSTOY_MASTER_KEYS = "";
  resetEnv();
});

const bearer = (ctx = editor, more: object = {}) =>
  createCredential({
    ctx,
    input: { name: "Shop", type: "bearer", fields: { token: "correct-horse-battery" }, allowedHosts: [base], ...more },
  });
const rowOf = (id: string) => db().credential.findUniqueOrThrow({ where: { id } });
const call = (id: string, url: string, flowId = "flow", more: object = {}) =>
  createExecutionCredentials({ organizationId, flowId }, client)
    .clientFor({ name: "Call", credentials: { c: { id } }, slots: [{ name: "c", types: [], required: true }] })
    .request({ method: "GET", url, credential: "c", ...more });
const using = (id: string, name = "Shop"): Graph =>
  graphSchema.parse({
    nodes: [
      { id: "call", name: "Call", type: "http-request", version: 1, position: { x: 0, y: 0 }, credentials: { credential: { id, name } } },
    ],
    edges: [],
  });

describe("what is stored", () => {
  it("is sealed for its row, and shown masked", async () => {
    const made = await createCredential({
      ctx: editor,
      input: { name: "Key", type: "api_key", fields: { api_key: "sk-1234567890abcdef" }, allowedHosts: ["api.example.com"] },
    });
    expect(made.fields).toEqual({ api_key: "sk-12***********cdef" });
    const row = await rowOf(made.id);
    expect(JSON.stringify(row)).not.toContain("1234567890");
    expect((await openCredential(row)).fields).toEqual({ api_key: "sk-1234567890abcdef" });
  });

  it("does not open in a row of another organization or id", async () => {
    const { id } = await bearer();
    const other = (await createOrganization()).id;
    await db().credential.update({ where: { id }, data: { organizationId: other } });
    await expect(openCredential(await rowOf(id))).rejects.toThrow("not what was stored");
    await db().credential.update({ where: { id }, data: { organizationId, id: `${id}x` } });
    await expect(openCredential(await rowOf(`${id}x`))).rejects.toThrow("not what was stored");
  });

  it("does not open with what another credential of the organization keeps, nor with a changed byte", async () => {
    const [one, two] = [await rowOf((await bearer()).id), await rowOf((await bearer()).id)];
    await db().credential.update({ where: { id: one.id }, data: { secret: two.secret } });
    await expect(openCredential(await rowOf(one.id))).rejects.toThrow("not what was stored");
    await expect(call(one.id, base)).rejects.toThrow("cannot be opened");
    const at = two.secret.length - 3;
    const flipped = `${two.secret.slice(0, at)}${two.secret[at] === "A" ? "B" : "A"}${two.secret.slice(at + 1)}`;
    await db().credential.update({ where: { id: two.id }, data: { secret: flipped } });
    await expect(openCredential(await rowOf(two.id))).rejects.toThrow("not what was stored");
    expect(seen).toEqual([]);
  });

  it("that is sealed with a lost key gives one clear error, and keeps nothing else from working", async () => {
    process.env.TOLSTOY_MASTER_KEYS = `old:${"o".repeat(40)}`;
    resetEnv();
    const { id } = await bearer();
    process.env.TOLSTOY_MASTER_KEYS = `new:${"n".repeat(40)}`;
    resetEnv();
    await expect(call(id, base)).rejects.toThrow(/"Shop" cannot be opened\. The master key "old" .* is not configured/);
    expect((await listCredentials({ ctx: viewer, input: {} })).credentials).toMatchObject([
      { id, fields: { token: expect.stringContaining("***") } },
    ]);
    await updateCredential({ ctx: editor, input: { id, name: "Renamed" } });
    await rotateCredential({ ctx: editor, input: { id, fields: { token: "entered-once-more" } } });
    expect((await call(id, base)).status).toBe(200);
  });

  it("that is sealed with a lost key works again once the key is back; until then all others work, and an admin is told the same", async () => {
    const keys = (text: string) => {
      process.env.TOLSTOY_MASTER_KEYS = text;
      resetEnv();
    };
    const [old, next] = [`old:${"o".repeat(40)}`, `new:${"n".repeat(40)}`];
    keys(old);
    const lost = await bearer();
    await setOAuthConfig({ ctx: admin, input: { toolId: "github", config: { clientId: "c", clientSecret: "correct horse" } } });
    keys(next);
    const kept = await bearer();
    const told = /The master key "old" .* is not configured/;
    for (let attempt = 0; attempt < 2; attempt++) await expect(call(lost.id, base)).rejects.toThrow(told);
    expect((await call(kept.id, base)).status).toBe(200);
    await expect(unmaskCredential({ ctx: editor, input: { id: lost.id, password: PASSWORD } })).rejects.toThrow(told);
    await expect(beginOAuth({ ctx: editor, input: { provider: "github" }, browser: "this" })).rejects.toThrow(told);
    expect(await getOAuthConfig({ ctx: admin, input: { toolId: "github" } })).toMatchObject({ config: { clientId: "c" } });
    keys(`${next},${old}`);
    expect((await call(lost.id, base)).status).toBe(200);
    expect((await beginOAuth({ ctx: editor, input: { provider: "github" }, browser: "this" })).url).toContain("github.com");
  });

  it("is refused when a secret is short, a field is missing or a host is none; nothing quotes it", async () => {
    const make = (input: object) => createCredential({ ctx: editor, input: { name: "X", type: "bearer", ...input } as never });
    await expect(make({ fields: { token: "short" } })).rejects.toThrow("fields.token: must be at least 8 characters long");
    await expect(make({ fields: {} })).rejects.toThrow("fields.token: is missing");
    await expect(make({ fields: { token: "line\nbreak and more" } })).rejects.toThrow("line break");
    await expect(make({ fields: { token: "long enough" }, allowedHosts: ["*.com"] })).rejects.toThrow("is not a host");
    await expect(make({ type: "custom", fields: { __proto__x: "long enough" } })).rejects.toThrow("does not begin with a letter");
    await expect(make({ type: "oauth2", fields: {} })).rejects.toThrow("by connecting");
    expect(await db().credential.count({ where: { organizationId } })).toBe(0);
  });
});

describe("a short secret", () => {
  const make = (input: object) => createCredential({ ctx: editor, input: { name: "X", ...input } as never });
  const server = { host: "db.example.com", user: "shop" };

  it("is taken as the password of a server, and shown to nobody", async () => {
    const view = await make({ type: "custom", settings: { kind: "postgres" }, fields: { ...server, password: "pw" } });
    expect(JSON.stringify(view)).not.toContain('"pw"');
    expect((await openCredential(await rowOf(view.id))).fields.password).toBe("pw");
    await rotateCredential({ ctx: editor, input: { id: view.id, fields: { password: "x" } } });
    expect((await openCredential(await rowOf(view.id))).fields.password).toBe("x");
    await make({ type: "custom", fields: { ...server, passphrase: "abc" } });
  });

  it("is refused as anything else, and for tools always", async () => {
    const refused = "must be at least 8 characters long";
    await expect(make({ type: "api_key", fields: { api_key: "1234567" } })).rejects.toThrow(refused);
    await expect(make({ type: "basic_auth", fields: { username: "ada", password: "1234567" } })).rejects.toThrow(refused);
    await expect(make({ type: "custom", fields: { ...server, api_token: "1234567" } })).rejects.toThrow(refused);
    await expect(make({ type: "custom", toolKey: "jira", fields: { password: "1234567" } })).rejects.toThrow(refused);
  });

  it("keeps no request from going out that has the word in it", async () => {
    const { id } = await make({ type: "custom", settings: { kind: "postgres" }, fields: { ...server, password: "orders" } });
    const access = createExecutionCredentials({ organizationId, flowId: "flow" }, client);
    const slots = [{ name: "db", types: ["custom" as const], required: true }];
    const node = { name: "Query", credentials: { db: { id } }, slots };
    await access.fields(node, "db");
    expect((await access.clientFor({ name: "Call", slots: [] }).request({ method: "GET", url: `${base}/orders` })).status).toBe(200);
    expect(access.redact("table orders, reorders")).toBe("table [redacted], reorders");
  });
});

describe("a request with a credential", () => {
  it("carries it to its hosts, and to no other", async () => {
    const { id } = await bearer();
    await call(id, `${base}/x`);
    expect(seen[0]?.headers.authorization).toBe("Bearer correct-horse-battery");
    const other = base.replace("127.0.0.1", "localhost");
    await expect(call(id, other)).rejects.toThrow("may be sent only to");
    await expect(call(id, base.replace("http:", "https:"))).rejects.toThrow("may be sent only to");
    expect(seen).toHaveLength(1);
  });

  it("does not carry it over a redirect to another host", async () => {
    const { id } = await createCredential({
      ctx: editor,
      input: {
        name: "Plain header",
        type: "custom",
        fields: { value: "correct-horse-battery" },
        settings: {
          placements: [
            { in: "header", name: "X-Plain", field: "value" },
            { in: "query", name: "k", field: "value" },
          ],
        },
        allowedHosts: [base, base.replace("127.0.0.1", "localhost")],
      },
    });
    const answer = await call(id, `${base}/redirect?to=${encodeURIComponent(`${base.replace("127.0.0.1", "localhost")}/x`)}`);
    expect(seen[0]?.headers["x-plain"]).toBe("correct-horse-battery");
    expect(seen[1]?.headers["x-plain"]).toBeUndefined();
    expect(seen[1]?.url).toBe("/x");
    expect(answer.url).not.toContain("correct-horse");
    await call(id, `${base}/redirect?to=/x`);
    expect(seen[3]?.headers["x-plain"]).toBe("correct-horse-battery");
  });

  it("is refused when the secret is on its way elsewhere by other means", async () => {
    const { id } = await bearer();
    const access = createExecutionCredentials({ organizationId, flowId: "flow" }, client);
    const user = { name: "Call", credentials: { c: { id } }, slots: [{ name: "c", types: [] }] };
    const fields = await access.fields(user, "c");
    const elsewhere = base.replace("127.0.0.1", "localhost");
    for (const request of [
      { method: "GET", url: `${elsewhere}/?t=${fields?.token}` },
      { method: "GET", url: elsewhere, headers: { "x-a": `a ${fields?.token}` } },
      { method: "POST", url: elsewhere, body: JSON.stringify(fields) },
      { method: "GET", url: `${base}/redirect?to=${encodeURIComponent(`${elsewhere}/?t=${fields?.token}`)}` },
    ]) {
      await expect(access.clientFor(user).request(request)).rejects.toThrow("may not go there");
    }
    expect(access.redact({ said: fields?.token })).toEqual({ said: "[redacted]" });
  });

  it("fills the fields that the request names, in its places alone", async () => {
    const { id } = await bearer();
    await call(id, `${base}/a/marker1/b`, "flow", { headers: { "x-key": "Key marker1" }, credentialFields: { marker1: "token" } });
    expect(seen[0]?.url).toBe("/a/correct-horse-battery/b");
    expect(seen[0]?.headers).toMatchObject({ "x-key": "Key correct-horse-battery" });
    expect(seen[0]?.headers.authorization).toBeUndefined();
    await expect(call(id, `${base}/m1`, "flow", { credentialFields: { m1: "constructor" } })).rejects.toThrow('has no "constructor"');
  });

  it("says to choose one where none is chosen, and by what name it went elsewhere", async () => {
    const access = createExecutionCredentials({ organizationId, flowId: "flow" }, client);
    const user = { name: "Call", credentials: { c: { name: "Old shop" } }, slots: [{ name: "c", types: [], required: true }] };
    await expect(access.clientFor(user).request({ method: "GET", url: base, credential: "c" })).rejects.toThrow(
      'Choose a credential for c in the node "Call" (it was called "Old shop"',
    );
  });
});

describe("sharing", () => {
  it("keeps what is for admins from editors, as if it did not exist", async () => {
    const { id } = await bearer(admin, { minRole: "admin" });
    await expect(getCredential({ ctx: editor, input: { id } })).rejects.toThrow("Credential not found");
    expect((await listCredentials({ ctx: editor, input: {} })).credentials).toEqual([]);
    const flow = await createFlow({ organizationId });
    await expect(saveDraft({ ctx: editor, input: { id: flow.id, graph: using(id), revision: 1 } })).rejects.toThrow("may not use it here");
    await saveDraft({ ctx: admin, input: { id: flow.id, graph: using(id), revision: 1 } });
    // Others go on working at the flow.
    await saveDraft({ ctx: editor, input: { id: flow.id, graph: using(id), revision: 2 } });
  });

  it("with flows: others can neither name nor use it", async () => {
    const [mine, other] = [await createFlow({ organizationId }), await createFlow({ organizationId })];
    const { id } = await bearer(editor, { flowIds: [mine.id] });
    expect((await call(id, base, mine.id)).status).toBe(200);
    await expect(call(id, base, other.id)).rejects.toThrow("not shared with this flow");
    await expect(saveDraft({ ctx: editor, input: { id: other.id, graph: using(id), revision: 1 } })).rejects.toThrow("may not use it here");
    await shareCredential({ ctx: editor, input: { id, flowIds: [] } });
    expect((await call(id, base, other.id)).status).toBe(200);
  });

  it("never reaches another organization: not by id, in a saved flow, nor in one that comes from elsewhere", async () => {
    const { id } = await bearer();
    const stranger = (await createMember({ role: "owner" })).context;
    const theirs = await createFlow({ organizationId: stranger.actor.organizationId });
    await expect(saveDraft({ ctx: stranger, input: { id: theirs.id, graph: using(id), revision: 1 } })).rejects.toThrow("does not exist");
    const made = await createFlowService({ ctx: stranger, input: { name: "Copy", graph: using(id) } });
    const draft = graphSchema.parse((await db().flow.findUniqueOrThrow({ where: { id: made.id } })).draft);
    expect(draft.nodes[0]?.credentials).toEqual({ credential: { name: "Shop" } });
    const access = createExecutionCredentials({ organizationId: stranger.actor.organizationId, flowId: theirs.id }, client);
    const user = { name: "Call", credentials: { c: { id } }, slots: [] };
    await expect(access.clientFor(user).request({ method: "GET", url: base, credential: "c" })).rejects.toThrow("does not exist");
    expect(seen).toEqual([]);
  });
});

describe("looking at the secrets", () => {
  it("needs the password of its maker or an admin, and is on record", async () => {
    const { id } = await bearer();
    const colleague = (await createMember({ organizationId, role: "editor" })).context;
    await expect(unmaskCredential({ ctx: colleague, input: { id, password: PASSWORD } })).rejects.toThrow("Only whoever made");
    await expect(unmaskCredential({ ctx: viewer, input: { id, password: PASSWORD } })).rejects.toThrow("This needs the role");
    await expect(unmaskCredential({ ctx: editor, input: { id, password: "wrong" } })).rejects.toThrow("The password is wrong");
    await expect(unmaskCredential({ ctx: editor, input: { id } })).rejects.toThrow("Type in your password");
    const key = await createApiKey({ organizationId, role: "admin" });
    await expect(unmaskCredential({ ctx: key.context, input: { id, password: PASSWORD } })).rejects.toThrow("An API key can't");
    expect(await db().auditLog.count({ where: { organizationId, action: "credential.unmask" } })).toBe(0);
    for (const ctx of [editor, admin]) {
      expect((await unmaskCredential({ ctx, input: { id, password: PASSWORD } })).fields).toEqual({ token: "correct-horse-battery" });
    }
    const audit = await db().auditLog.findMany({ where: { organizationId, action: "credential.unmask" } });
    expect(audit).toHaveLength(2);
    expect(JSON.stringify(audit, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain("correct-horse");
  });

  it("is throttled", async () => {
    const { id } = await bearer();
    const tries = await Promise.allSettled(
      Array.from({ length: 14 }, () => unmaskCredential({ ctx: editor, input: { id, password: "wrong" } })),
    );
    expect(tries.filter((each) => each.status === "rejected" && /Too many attempts/.test(String(each.reason)))).toHaveLength(4);
  });
});

describe("the life of a credential", () => {
  it("goes where its new values say, and no longer where the old ones did", async () => {
    const input = {
      name: "Tracker",
      type: "basic_auth" as const,
      toolKey: "jira",
      fields: { domain: "old.atlassian.net", username: "ada@example.com", password: "first-token" },
      allowedHosts: ["files.example.com"],
    };
    const { id, allowedHosts } = await createCredential({ ctx: editor, input });
    expect(allowedHosts).toEqual(["old.atlassian.net", "files.example.com"]);
    const moved = await rotateCredential({ ctx: editor, input: { id, fields: { domain: "new.atlassian.net" } } });
    expect(moved.allowedHosts).toEqual(["new.atlassian.net", "files.example.com"]);
    const kept = await rotateCredential({ ctx: editor, input: { id, fields: { password: "second-token" } } });
    expect(kept.allowedHosts).toEqual(moved.allowedHosts);

    const bucket = { access_key_id: "AKIA1234567890", secret_access_key: "secret-of-bucket", endpoint: "https://one.example.com" };
    const s3 = await createCredential({ ctx: editor, input: { name: "S3", type: "custom", fields: bucket, settings: { kind: "s3" } } });
    const elsewhere = await rotateCredential({ ctx: editor, input: { id: s3.id, fields: { endpoint: "https://two.example.com" } } });
    expect(elsewhere.allowedHosts.some((host) => host.includes("one.example.com"))).toBe(false);
    expect(elsewhere.allowedHosts.some((host) => host.includes("two.example.com"))).toBe(true);
    // What its kind cannot do without stays.
    const emptied = rotateCredential({ ctx: editor, input: { id: s3.id, fields: { access_key_id: "" } } });
    await expect(emptied).rejects.toThrow("fields.access_key_id: is missing");
  });

  it("rotates: the next request carries the new value, the other fields stay", async () => {
    const { id } = await createCredential({
      ctx: editor,
      input: {
        name: "Both",
        type: "api_key",
        fields: { api_key: "first-key-value", api_secret: "first-secret-value" },
        allowedHosts: [base],
      },
    });
    const view = await rotateCredential({ ctx: editor, input: { id, fields: { api_key: "second-key-value" } } });
    expect(view.rotatedAt).not.toBeNull();
    await call(id, base);
    expect(seen[0]?.headers["x-api-key"]).toBe("second-key-value");
    expect((await openCredential(await rowOf(id))).fields.api_secret).toBe("first-secret-value");
  });

  it("expires", async () => {
    const { id } = await bearer(editor, { expiresAt: "2020-01-01T00:00:00Z" });
    expect(await getCredential({ ctx: viewer, input: { id } })).toMatchObject({ status: "expired" });
    await expect(call(id, base)).rejects.toThrow("expired on 2020-01-01");
  });

  it("is tried by the request that it names", async () => {
    const works = await bearer(editor, { settings: { test: { url: `${base}/me` } } });
    const denied = await bearer(editor, { settings: { test: { url: `${base}/denied` } } });
    const strays = await bearer(editor, { settings: { test: { url: base.replace("127.0.0.1", "localhost") } } });
    expect(await testCredential({ ctx: editor, input: { id: works.id } })).toMatchObject({ ok: true });
    expect(await testCredential({ ctx: editor, input: { id: denied.id } })).toMatchObject({
      ok: false,
      message: "The service refuses it: it answered 401",
    });
    expect(await testCredential({ ctx: editor, input: { id: strays.id } })).toMatchObject({
      ok: false,
      message: expect.stringContaining("only to"),
    });
    expect(await getCredential({ ctx: viewer, input: { id: denied.id } })).toMatchObject({ lastTest: { ok: false } });
  });

  it("names the flows that use it before it goes", async () => {
    const { id } = await bearer();
    const flow = await createFlow({ organizationId, name: "Orders", graph: using(id) });
    expect((await getCredential({ ctx: viewer, input: { id } })).usedBy).toEqual([
      { flowId: flow.id, flowName: "Orders", published: false },
    ]);
    await expect(deleteCredential({ ctx: editor, input: { id } })).rejects.toThrow('is used by "Orders"');
    await deleteCredential({ ctx: editor, input: { id, force: true } });
    await expect(call(id, base)).rejects.toThrow("does not exist");
  });
});

describe("a tool's secrets", () => {
  it("are stored, listed and shown as the tool's, and go to its host", async () => {
    const tool = await createTool({ ctx: admin, input: { name: "Slack API", baseUrl: base, auth: { type: "bearer" } } });
    const stored = await setToolSecrets({
      ctx: admin,
      input: { toolId: tool.id, credentials: { api_key: "sk-1234567890abcdef", client_secret: "cs-abcdef1234567890" } },
    });
    expect(stored).toMatchObject({
      toolId: tool.id,
      toolName: "Slack API",
      maskedCredentials: { api_key: "sk-12***********cdef", client_secret: "cs-ab***********7890" },
    });
    await setToolSecrets({ ctx: admin, input: { toolId: tool.id, credentials: { token: "another-kind-of-value" } } });
    expect(await getToolSecrets({ ctx: viewer, input: { toolId: tool.id } })).toMatchObject({ credentialId: stored.credentialId });
    expect(await listToolSecrets({ ctx: viewer })).toMatchObject([
      { toolId: tool.id, authType: "bearer", hasCredentials: true, credentialKeys: ["token"] },
    ]);
    await call(stored.credentialId, `${base}/x`);
    expect(seen[0]?.headers.authorization).toBe("Bearer another-kind-of-value");
  });
});
