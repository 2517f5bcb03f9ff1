import { expect, it } from "vitest";
import { createHostCheck } from "./check-host";

const resolving = (addresses: Record<string, string[]>) => async (host: string) =>
  (addresses[host] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

it("gives the address to connect to, looked up once", async () => {
  let lookups = 0;
  const check = createHostCheck({
    allowlist: [],
    resolve: async () => [{ address: ++lookups === 1 ? "93.184.216.34" : "127.0.0.1", family: 4 }],
  });
  expect(await check("Mail.Example", 587)).toEqual({ address: "93.184.216.34", family: 4 });
  expect(lookups).toBe(1);
  await expect(check("mail.example", 587)).rejects.toMatchObject({ name: "FatalError" });
});

it("refuses forbidden addresses in every notation, and names with one among theirs", async () => {
  const check = createHostCheck({ allowlist: [], resolve: resolving({ mixed: ["93.184.216.34", "10.0.0.1"], localhost: ["::1"] }) });
  for (const host of ["127.0.0.1", "::1", "[::1]", "::ffff:127.0.0.1", "169.254.169.254", "10.1.2.3", "localhost", "mixed"]) {
    await expect(check(host, 25), host).rejects.toMatchObject({ name: "FatalError", message: expect.stringContaining("not allowed") });
  }
  for (const host of ["", "a b", "user@host", "host/path", "x\r\ny"]) {
    await expect(check(host, 25), host).rejects.toThrow("is not a host name");
  }
  await expect(check("93.184.216.34", 70_000)).rejects.toThrow("is not a port");
});

it("lets exactly the allowlisted host and port through", async () => {
  const check = createHostCheck({ allowlist: ["localhost:2525"], resolve: resolving({ localhost: ["127.0.0.1"] }) });
  expect(await check("LOCALHOST", 2525)).toEqual({ address: "127.0.0.1", family: 4 });
  await expect(check("localhost", 25)).rejects.toThrow("not allowed");
  await expect(check("127.0.0.1", 2525)).rejects.toThrow("not allowed");
});

it("lets ports of a range through, at that host", async () => {
  const resolve = resolving({ "ftp.internal": ["10.0.0.1"], "other.internal": ["10.0.0.1"] });
  const check = createHostCheck({ allowlist: ["ftp.internal:21", "FTP.internal:40000-40010", "[fd00::1]:1-2"], resolve });
  for (const port of [21, 40_000, 40_010]) expect(await check("ftp.internal", port)).toEqual({ address: "10.0.0.1", family: 4 });
  for (const port of [20, 39_999, 40_011]) await expect(check("ftp.internal", port), String(port)).rejects.toThrow("not allowed");
  await expect(check("other.internal", 40_005)).rejects.toThrow("not allowed");
  expect(await check("[fd00::1]", 2)).toEqual({ address: "fd00::1", family: 6 });
  await expect(check("[fd00::1]", 3)).rejects.toThrow("not allowed");
});

it("says of an unknown host that it is unknown, which may pass", async () => {
  const check = createHostCheck({ allowlist: [], resolve: resolving({}) });
  await expect(check("nowhere.example", 25)).rejects.toMatchObject({ name: "Error", message: expect.stringContaining("not known") });
});
