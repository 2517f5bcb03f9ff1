import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
import { createConnect } from "@/server/http/connect";
import { type SftpFake, startSftpFake } from "@/server/testing/sftp-fake";
import { executeForTest, type TestVisit } from "../testing/execute";

let fake: SftpFake;
beforeAll(async () => {
  fake = await startSftpFake();
});
beforeEach(() => {
  fake.files.clear();
  fake.files.set("/", null);
  fake.passwords.length = 0;
});
afterAll(() => fake.close());

const run = (parameters: JsonObject, visit: TestVisit = {}, fields: Record<string, string> = {}) =>
  executeForTest("sftp", {
    connect: createConnect({ allowlist: [`127.0.0.1:${fake.port}`] }),
    ...visit,
    parameters,
    credentials: {
      sftp: {
        host: "127.0.0.1",
        port: String(fake.port),
        user: "shop",
        password: "correct horse",
        fingerprint: fake.fingerprint,
        ...fields,
      },
    },
  });

it("uploads, lists, downloads, renames and deletes files", async () => {
  const content = Buffer.from([...Array(100_000).keys()].map((n) => n % 256));
  const items: Item[] = [
    { json: { n: 1 }, binary: { data: { mimeType: "application/pdf", fileName: "x.pdf", data: content.toString("base64") } } },
  ];
  const uploaded = await run({ operation: "upload", path: "/in/2026/a ü.pdf" }, { items });
  expect(uploaded.outputs[0]).toEqual([{ json: { success: true, path: "/in/2026/a ü.pdf" }, pairedItem: { item: 0 } }]);
  expect(fake.files.get("/in/2026/a ü.pdf")?.equals(content)).toBe(true);
  await run({ operation: "upload", path: "/in/b.txt", source: "text", text: "hé" });
  const listed = await run({ path: "/in", recursive: true });
  expect(listed.json[0]?.map(({ path, type, size, modifyTime }) => [path, type, size, modifyTime])).toEqual([
    ["/in/2026", "folder", 0, "2026-01-01T00:00:00.000Z"],
    ["/in/b.txt", "file", 3, "2026-01-01T00:00:00.000Z"],
    ["/in/2026/a ü.pdf", "file", 100_000, "2026-01-01T00:00:00.000Z"],
  ]);
  const { outputs } = await run({ operation: "download", path: "/in/2026/a ü.pdf", file: "got" }, { items: [{ n: 2 }] });
  expect(outputs[0]?.[0]).toMatchObject({
    json: { n: 2 },
    binary: { got: { mimeType: "application/pdf", fileName: "a ü.pdf", data: content.toString("base64") } },
  });
  await run({ operation: "rename", path: "/in/b.txt", newPath: "/out/c.txt" });
  expect([...fake.files.keys()]).toContain("/out/c.txt");
  await run({ operation: "delete", path: "/out/c.txt" });
  await run({ operation: "delete", path: "/in", folder: true });
  expect([...fake.files.keys()]).toEqual(["/", "/out"]);
});

it("tells its password to no server whose key nobody vouched for", async () => {
  for (const fingerprint of ["", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]) {
    await expect(run({ path: "/" }, {}, { fingerprint })).rejects.toMatchObject({
      name: "FatalError",
      hint: expect.stringContaining(fake.fingerprint),
    });
  }
  expect(fake.passwords).toEqual([]);
});

it("says what is wrong and where, item by item, without the secret", async () => {
  await expect(run({ path: "/" }, {}, { password: "wrong wrong" })).rejects.toMatchObject({
    name: "FatalError",
    message: `SFTP at 127.0.0.1:${fake.port}: All configured authentication methods failed`,
  });
  const { outputs } = await run(
    { operation: "download", path: "={{ $json.path }}" },
    { items: [{ path: "/none" }, { path: "" }, { path: "a\nb" }], continueOnFail: true },
  );
  expect(outputs[0]?.map(({ error }) => error?.message)).toEqual([
    `SFTP at 127.0.0.1:${fake.port}: No such file or directory`,
    'Parameter "path" (item 1): is empty',
    'Parameter "path" (item 2): has a line break or control character in it',
  ]);
  await expect(run({ path: "/" }, { connect: createConnect({ allowlist: [] }) })).rejects.toThrow("not allowed");
});

it("closes its connection, when it is done and when it is cancelled", async () => {
  await run({ path: "/" });
  const cancel = new AbortController();
  const running = expect(run({ path: "/hang" }, { signal: cancel.signal })).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => fake.passwords.length).toBe(2);
  cancel.abort();
  await running;
  await expect.poll(() => fake.open()).toBe(0);
});
