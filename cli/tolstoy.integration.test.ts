import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localSecrets } from "./local-secrets";
import { runCommand } from "./testing/run-command";

const folder = mkdtempSync(path.join(os.tmpdir(), "tolstoy-cli-"));
const busy = net.createServer();
const port = () => (busy.address() as net.AddressInfo).port;

beforeAll(async () => {
  busy.listen(0, "127.0.0.1");
  await once(busy, "listening");
});
afterAll(() => {
  busy.close();
  rmSync(folder, { recursive: true });
});

const tolstoy = (args: string[], options: Omit<Parameters<typeof runCommand>[1], "directory"> = {}) =>
  runCommand(args, { directory: folder, ...options });

const oneLine = (pattern: RegExp) => expect.stringMatching(new RegExp(`^[^\\n]*${pattern.source}[^\\n]*\\n$`, pattern.flags));

test.each<[string, () => Record<string, string>, RegExp]>([
  ["a port in use", () => ({ PORT: String(port()) }), /Port \d+ is already in use\. Set PORT/],
  [
    "a database port in use",
    () => ({ PORT: String(port() === 65535 ? 65534 : port() + 1), PG_PORT: String(port()) }),
    /Port \d+ is already in use\. Set PG_PORT/,
  ],
  [
    "a database that does not answer",
    () => ({ PORT: "59123", DATABASE_URL: "postgresql://u:hunter2@127.0.0.1:1/app" }),
    /DATABASE_URL \(127\.0\.0\.1:1\/app\): .*ECONNREFUSED/,
  ],
  ["a DATABASE_URL that is none", () => ({ DATABASE_URL: "sqlite:app.db" }), /DATABASE_URL is wrong: it must be/],
  ["a setting that is wrong", () => ({ PORT: "eighty" }), /PORT is wrong: it must be a port number/],
  ["an address of another machine", () => ({ HOST: "192.0.2.1" }), /HOST is wrong: this machine has no address 192\.0\.2\.1/],
])("start with %s: one clear line, exit 1", async (_what, environment, message) => {
  const result = await tolstoy(["start"], { environment: environment() });
  expect(result).toEqual({ code: 1, stdout: "", stderr: oneLine(message) });
  expect(result.stderr).not.toContain("hunter2");
});

test("an unsupported Node is told so in one line, exit 1", async () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.18.3"}})';
  const result = await tolstoy(["start"], { nodeArguments: ["--import", pretend] });
  expect(result).toEqual({ code: 1, stdout: "", stderr: oneLine(/needs Node 20\.19, 22\.12, or 24 and later/) });
});

test("an unknown command is refused with a hint", async () => {
  const result = await tolstoy(["strat"]);
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/unknown command 'strat'.*start/s);
});

test("apikey create without a running app says what to do", async () => {
  const result = await tolstoy(["apikey", "create", "--org", "demo"]);
  expect(result).toEqual({ code: 1, stdout: "", stderr: oneLine(/No app runs on .*npm start.*DATABASE_URL/) });
});

test("generated secrets are readable by their owner only, and stay the same", () => {
  const directory = path.join(folder, "secrets");
  const first = localSecrets(directory);
  expect(statSync(path.join(directory, "secrets.json")).mode & 0o777).toBe(0o600);
  expect(localSecrets(directory)).toEqual(first);
  expect(first.nextAuthSecret.length).toBeGreaterThanOrEqual(43);
});

test("a secret that an older version did not have is added, the others are kept", () => {
  const directory = path.join(folder, "older");
  const { demoPassword, ...known } = localSecrets(directory);
  const file = path.join(directory, "secrets.json");
  writeFileSync(file, JSON.stringify(known));
  expect(localSecrets(directory)).toMatchObject(known);
  expect(JSON.parse(readFileSync(file, "utf8")).demoPassword).not.toBe(demoPassword);
});

test("eval answers each line on its own, in order", async () => {
  const lines = [
    '{"expression":"={{ $json.price * 2 }}","items":[{"price":21}],"itemIndex":0}',
    '{"expression":"=Hello {{ $json.name }}","items":[{"name":"Leo"},{"name":"Sofia"}],"itemIndex":1}',
    "not json",
    '{"expression":"={{ $json.missing }}","items":[{}]}',
    '{"expression":"={{ ( }}","items":[{}]}',
  ];
  const { code, stdout } = await tolstoy(["eval", "--json"], { input: `${lines.join("\n")}\n` });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { output: 42 },
    { output: "Hello Sofia" },
    { error: expect.stringContaining("The line is not JSON") },
    { output: null },
    { error: expect.any(String) },
  ]);
  expect(code).toBe(0);
});
