import { afterEach, expect, it } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
import type { ConnectTarget } from "@/flow/node/connection";
import { createConnect } from "@/server/http/connect";
import { type FtpFake, type FtpFakeOptions, startFtpFake } from "@/server/testing/ftp-fake";
import { LOOPBACK_CERTIFICATE } from "@/server/testing/loopback-certificate";
import { executeForTest, type TestVisit } from "../testing/execute";

const fakes: FtpFake[] = [];
async function start(options?: FtpFakeOptions): Promise<FtpFake> {
  const fake = await startFtpFake(options);
  fakes.push(fake);
  return fake;
}
afterEach(async () => {
  await Promise.all(fakes.splice(0).map((each) => each.close()));
});

/** Ports for files are the server's choice: the test lets through what goes to the loopback, and keeps where that was. */
function openGuard(dialled: ConnectTarget[] = []): TestVisit["connect"] {
  return (target) => {
    dialled.push(target);
    return createConnect({ allowlist: [`${target.host}:${target.port}`] })(target);
  };
}

const run = (fake: FtpFake, parameters: JsonObject, visit: TestVisit = {}, fields: Record<string, string> = {}) =>
  executeForTest("ftp", {
    connect: openGuard(),
    ...visit,
    parameters,
    credentials: {
      ftp: { host: "127.0.0.1", port: String(fake.port), user: "shop", password: "correct horse", secure: "none", ...fields },
    },
  });

const content = Buffer.from([...Array(300_000).keys()].map((n) => n % 256));
const fileItem: Item = {
  json: { n: 1 },
  binary: { data: { mimeType: "application/pdf", fileName: "x.pdf", data: content.toString("base64") } },
};

const WAYS: [string, FtpFakeOptions, Record<string, string>][] = [
  ["plainly", {}, {}],
  ["plainly, to an old server", { features: [] }, {}],
  ["with TLS that is asked for", { tls: "explicit" }, { secure: "", ca: LOOPBACK_CERTIFICATE }],
  ["with TLS from the start", { tls: "implicit" }, { secure: "implicit", ca: LOOPBACK_CERTIFICATE }],
];

it.each(WAYS)("uploads, lists, downloads, renames and deletes files %s", async (_, options, fields) => {
  const fake = await start(options);
  const uploaded = await run(fake, { operation: "upload", path: "/in/2026/a ü.pdf" }, { items: [fileItem] }, fields);
  expect(uploaded.outputs[0]).toEqual([{ json: { success: true, path: "/in/2026/a ü.pdf" }, pairedItem: { item: 0 } }]);
  expect(fake.files.get("/in/2026/a ü.pdf")?.equals(content)).toBe(true);
  await run(fake, { operation: "upload", path: "/in/b.txt", source: "text", text: "hé" }, {}, fields);
  const listed = await run(fake, { path: "/in", recursive: true }, {}, fields);
  const time = options.features ? null : "2026-01-31T09:30:00.000Z";
  expect(listed.json[0]?.map(({ path, type, size, modifyTime }) => [path, type, size, modifyTime])).toEqual([
    ["/in/2026", "folder", 0, time],
    ["/in/b.txt", "file", 3, time],
    ["/in/2026/a ü.pdf", "file", 300_000, time],
  ]);
  const { outputs } = await run(
    fake,
    { operation: "download", path: "={{ $json.path }}", file: "got" },
    { items: [{ path: "/in/2026/a ü.pdf" }, { path: "in/b.txt" }] },
    fields,
  );
  expect(outputs[0]).toMatchObject([
    { binary: { got: { mimeType: "application/pdf", fileName: "a ü.pdf", data: content.toString("base64") } } },
    { binary: { got: { mimeType: "text/plain", data: Buffer.from("hé").toString("base64") } } },
  ]);
  await run(fake, { operation: "rename", path: "/in/b.txt", newPath: "/out/new/c.txt" }, {}, fields);
  expect([...fake.files.keys()]).toContain("/out/new/c.txt");
  await run(fake, { operation: "delete", path: "/out/new/c.txt" }, {}, fields);
  await expect(run(fake, { operation: "delete", path: "/in", folder: true, contents: false }, {}, fields)).rejects.toThrow("550");
  await run(fake, { operation: "delete", path: "/in", folder: true }, {}, fields);
  expect([...fake.files.keys()]).toEqual(["/", "/out", "/out/new"]);
  await expect.poll(() => fake.open()).toBe(0);
  // Connections for files are the same session, as strict servers want it.
  expect(fake.resumed.length > 0).toBe(options.tls !== undefined);
  expect(fake.resumed.every(Boolean)).toBe(true);
});

it("tells no password before TLS, and to nobody whose certificate is not good", async () => {
  const plain = await start();
  await expect(run(plain, { path: "/" }, {}, { secure: "explicit" })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("refuses TLS"),
    hint: expect.stringContaining('"none"'),
  });
  const stranger = await start({ tls: "explicit" });
  await expect(run(stranger, { path: "/" }, {}, { secure: "explicit" })).rejects.toThrow(/self-signed/);
  await expect(run(stranger, { path: "/" }, {}, { secure: "explicit", host: "localhost", ca: "" })).rejects.toThrow(/self-signed/);
  expect([...plain.commands, ...stranger.commands].filter((command) => /USER|PASS/.test(command))).toEqual([]);
  await run(stranger, { path: "/" }, {}, { secure: "explicit", ignore_tls_errors: "true" });
  await expect(run(plain, { path: "/" }, {}, { secure: "maybe" })).rejects.toThrow('field "secure"');
});

it("opens connections for files to the machine that it logged in to, whichever the server names", async () => {
  const fake = await start({ features: [], passiveHost: "169.254.169.254" });
  fake.files.set("/a.txt", Buffer.from("a"));
  const dialled: ConnectTarget[] = [];
  await run(fake, { operation: "download", path: "/a.txt" }, { connect: openGuard(dialled) });
  expect(new Set(dialled.map(({ host }) => host))).toEqual(new Set(["127.0.0.1"]));
  expect(dialled).toHaveLength(2);
});

it("reaches a server of a private network that is allowed by its name alone, and no other that takes its place", async () => {
  const fake = await start({ features: [] });
  fake.files.set("/a.txt", Buffer.from("a"));
  let address = "127.0.0.1";
  const connect: TestVisit["connect"] = (target) =>
    createConnect({
      allowlist: target.host === "ftp.internal" ? [`ftp.internal:${target.port}`] : [],
      resolve: async () => [{ address, family: 4 }],
    })(target);
  const named = { host: "ftp.internal" };
  const { outputs } = await run(fake, { operation: "download", path: "/a.txt" }, { connect }, named);
  expect(outputs[0]?.[0]?.binary?.data?.fileSize).toBe(1);
  const moving: TestVisit["connect"] = async (target) => {
    const connection = await connect(target);
    address = "127.0.0.2";
    return connection;
  };
  await expect(run(fake, { operation: "download", path: "/a.txt" }, { connect: moving }, named)).rejects.toThrow(
    /another machine|No connection/,
  );
});

it("asks the guard for each connection", async () => {
  const fake = await start();
  await expect(run(fake, { path: "/" }, { connect: createConnect({ allowlist: [] }) })).rejects.toThrow("not allowed");
  expect(fake.commands).toEqual([]);
  const onlyCommands = createConnect({ allowlist: [`127.0.0.1:${fake.port}`] });
  await expect(run(fake, { path: "/" }, { connect: onlyCommands })).rejects.toMatchObject({
    name: "FatalError",
    message: expect.stringContaining("not allowed"),
  });
});

it("says what is wrong and where, item by item, without the secret", async () => {
  const fake = await start();
  fake.files.set("/big.bin", Buffer.alloc(1));
  await expect(run(fake, { path: "/" }, {}, { password: "wrong wrong" })).rejects.toMatchObject({
    name: "FatalError",
    message: `FTP at 127.0.0.1:${fake.port}: 530 Login incorrect`,
  });
  const { outputs } = await run(
    fake,
    { operation: "download", path: "={{ $json.path }}" },
    { items: [{ path: "/none" }, { path: "" }, { path: "a\r\nDELE /big.bin" }, { path: "/big.bin" }], continueOnFail: true },
  );
  expect(outputs[0]?.map(({ error }) => error?.message)).toEqual([
    `FTP at 127.0.0.1:${fake.port}: 550 No such file`,
    'Parameter "path" (item 1): is empty',
    'Parameter "path" (item 2): has a line break or control character in it',
    undefined,
  ]);
  expect([...fake.files.keys()]).toContain("/big.bin");
});

const HOSTILE: [string, FtpFakeOptions, RegExp][] = [
  ["a greeting that refuses", { answer: (line) => (line === "" ? "421 Too many\r\n" : undefined) }, /421 Too many/],
  ["a line without an end", { answer: (line) => (line === "" ? "2".repeat(70_000) : undefined) }, /no answer within 1 s|Timeout/],
  ["an answer without an end", { answer: (line) => (line === "" ? "220-a\r\n".repeat(20_000) : undefined) }, /maximum allowed size/],
  ["no port where one belongs", { features: [], answer: (line) => (line === "PASV" ? "227 Nowhere\r\n" : undefined) }, /names no port/],
  ["a port beyond all", { answer: (line) => (/EPSV|PASV/.test(line) ? "229 (|||99999|)\r\n" : undefined) }, /names no port/],
  ["a file that ends too early", { cutAfter: 100 }, /./],
  ["a size beyond the limit", { answer: (line) => (line.startsWith("SIZE") ? "213 999999999999\r\n" : undefined) }, /larger than/],
];
it.each(HOSTILE)("fails at %s", async (_, options, said) => {
  const fake = await start(options);
  fake.files.set("/a.bin", content);
  await expect(run(fake, { operation: "download", path: "/a.bin", timeoutSeconds: 1 })).rejects.toThrow(said);
  await expect.poll(() => fake.open()).toBe(0);
});

it("takes no name of a listing for a path", async () => {
  const fake = await start({ features: [] });
  for (const path of ["/in", "/in/..", "/in/fine.txt"]) fake.files.set(path, path === "/in/fine.txt" ? Buffer.from("x") : null);
  const { json } = await run(fake, { path: "/in", recursive: true });
  expect(json[0]?.map(({ path }) => path)).toEqual(["/in/fine.txt"]);
});

it("closes its connection when it is cancelled, and when nothing comes", async () => {
  const fake = await start({ tls: "explicit" });
  const fields = { secure: "explicit", ca: LOOPBACK_CERTIFICATE };
  const cancel = new AbortController();
  const running = expect(run(fake, { path: "/hang" }, { signal: cancel.signal }, fields)).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => fake.commands.at(-1)).toBe("MLSD /hang");
  cancel.abort();
  await running;
  await expect.poll(() => fake.open()).toBe(0);
  await expect(run(fake, { path: "/hang", timeoutSeconds: 1 }, {}, fields)).rejects.toThrow(/no answer within 1 s|Timeout/);
  await expect.poll(() => fake.open()).toBe(0);
});
