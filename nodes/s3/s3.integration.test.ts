import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
import { createCredentialAccess } from "@/server/credentials/credential-access";
import type { OpenCredential } from "@/server/credentials/open";
import { createHttpClient } from "@/server/http/guarded-client";
import { S3_KEYS, type S3Fake, startS3Fake } from "@/server/testing/s3-fake";
import { executeForTest, type TestVisit } from "../testing/execute";

let fake: S3Fake;
beforeAll(async () => {
  fake = await startS3Fake();
});
beforeEach(() => {
  fake.buckets.clear();
  fake.buckets.set("shop", new Map());
});
afterAll(() => fake.close());

async function run(parameters: JsonObject, visit: TestVisit = {}, given: { fields?: Record<string, string>; hosts?: string[] } = {}) {
  const fields = { ...S3_KEYS, region: "eu-test-1", endpoint: fake.url, ...given.fields };
  const http = createHttpClient({ allowlist: [fake.host] });
  const credential: OpenCredential = {
    id: "c1",
    name: "Bucket",
    type: "custom",
    organizationId: "org",
    provider: null,
    fields,
    secrets: [S3_KEYS.secret_access_key],
    settings: {},
    allowedHosts: given.hosts ?? [fake.url],
    version: 1,
    tokenExpiresAt: null,
  };
  const access = createCredentialAccess({ open: async () => credential, renew: async () => credential }, http);
  const node = { name: "S3", credentials: { s3: { id: "c1" } }, slots: [{ name: "s3", types: ["custom" as const] }] };
  try {
    return await executeForTest("s3", { ...visit, parameters, http: access.clientFor(node), credentials: { s3: fields } });
  } finally {
    await http.close();
  }
}

const KEY = "a folder/ü & (1)'*!~$+?#%20.txt";

it("uploads, lists, downloads, copies and deletes objects, whatever their keys", async () => {
  const items: Item[] = [
    { json: { n: 1 }, binary: { data: { mimeType: "text/csv", fileName: "x.csv", data: Buffer.from("a,b\0").toString("base64") } } },
  ];
  const uploaded = await run({ operation: "upload", bucket: "shop", key: KEY, storageClass: "STANDARD_IA" }, { items });
  expect(uploaded.outputs[0]).toEqual([{ json: { success: true, bucket: "shop", key: KEY, etag: '"new"' }, pairedItem: { item: 0 } }]);
  expect(fake.buckets.get("shop")?.get(KEY)).toMatchObject({
    body: Buffer.from("a,b\0"),
    type: "text/csv",
    headers: { "x-amz-storage-class": "STANDARD_IA" },
  });
  await run({ operation: "upload", bucket: "shop", key: "plain", source: "text", text: "hé" });
  const { outputs } = await run({ operation: "download", bucket: "shop", key: KEY, file: "got" }, { items });
  expect(outputs[0]?.[0]).toMatchObject({
    json: { n: 1 },
    binary: { data: {}, got: { mimeType: "text/csv", fileName: KEY.split("/")[1], data: Buffer.from("a,b\0").toString("base64") } },
  });
  const copied = await run({ operation: "copy", bucket: "shop", key: "copy of it", sourceKey: KEY });
  expect(copied.json[0]).toEqual([{ success: true, bucket: "shop", key: "copy of it", etag: '"copied"' }]);
  expect((await run({ bucket: "shop" })).json[0]?.map(({ Key, Size }) => [Key, Size])).toEqual([
    [KEY, 4],
    ["copy of it", 4],
    ["plain", 3],
  ]);
  expect((await run({ bucket: "shop", prefix: "a folder/", limit: 1 })).json[0]).toHaveLength(1);
  await run({ operation: "delete", bucket: "shop", key: KEY });
  expect([...(fake.buckets.get("shop")?.keys() ?? [])]).toEqual(["plain", "copy of it"]);
});

it("lists, creates and deletes buckets", async () => {
  await run({ operation: "createBucket", bucket: "new-one" });
  expect((await run({ operation: "listBuckets" })).json[0]?.map(({ Name }) => Name)).toEqual(["shop", "new-one"]);
  await run({ operation: "deleteBucket", bucket: "new-one" });
  expect((await run({ operation: "listBuckets" })).json[0]).toHaveLength(1);
});

it("says what is wrong, item by item", async () => {
  const items = [{ key: "none" }, { key: "../up" }, { key: "" }];
  const { outputs } = await run({ operation: "download", bucket: "shop", key: "={{ $json.key }}" }, { items, continueOnFail: true });
  expect(outputs[0]?.map(({ error }) => error?.message)).toEqual([
    `S3 at ${fake.host}, GET /shop/none: The specified key does not exist. [NoSuchKey]`,
    'Parameter "key" (item 1): has a part "." or ".." in it',
    'Parameter "key" (item 2): is empty',
  ]);
  await expect(run({ operation: "copy", bucket: "shop", key: "x", sourceKey: "none" })).rejects.toThrow("NoSuchKey");
  await expect(run({ bucket: "nowhere" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("[NoSuchBucket]"),
  });
  await expect(run({ bucket: "evil.example/x" })).rejects.toThrow("is not the name of a bucket");
  await expect(run({ bucket: "shop", region: "eu-other-1" })).rejects.toThrow("SignatureDoesNotMatch");
});

it("signs requests to hosts that the credential is bound to only", async () => {
  await expect(run({ bucket: "shop" }, {}, { hosts: ["*.amazonaws.com"] })).rejects.toThrow(
    'The credential "Bucket" may be sent only to *.amazonaws.com',
  );
});
