import { expect, it } from "vitest";
import { readFormData, readUrlEncoded, valuesByName } from "./form-data";

const request = (type: string) => new Request("http://localhost/", { method: "POST", headers: { "content-type": type } });

it("has lists for names that come several times, and names of prototypes as they are", () => {
  const fields = valuesByName(readUrlEncoded(Buffer.from("a=1&b=2&a=3&__proto__=x&a=4")));
  expect(Object.entries(fields)).toEqual([
    ["a", ["1", "3", "4"]],
    ["b", "2"],
    ["__proto__", "x"],
  ]);
});

it("gives up a body of nothing but fields, before it is read", async () => {
  const many = Buffer.from("a&".repeat(1_000_000));
  expect(() => readUrlEncoded(many)).toThrow("more than 20000 fields");
  await expect(readFormData(request("application/x-www-form-urlencoded"), many)).rejects.toThrow("more than 20000 fields");
  const part = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n';
  for (const type of ["multipart/form-data; boundary=x", 'multipart/form-data; boundary="x"']) {
    await expect(readFormData(request(type), Buffer.from(part.repeat(50_000)))).rejects.toThrow("more than 20000 fields");
  }
});

it("reads both kinds of forms, and refuses what is none", async () => {
  const sent = await readFormData(
    request("multipart/form-data; boundary=x"),
    Buffer.from('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'),
  );
  expect(sent.get("a")).toBe("1");
  expect((await readFormData(request("application/x-www-form-urlencoded"), Buffer.from("a=2"))).get("a")).toBe("2");
  await expect(readFormData(request("text/plain"), Buffer.from("a=2"))).rejects.toThrow("not a sent form");
});

it("spends no more time on a name that comes often than on others", () => {
  const value: [string, string] = ["a", "1"];
  const { a } = valuesByName(Array.from({ length: 1_000_000 }, () => value));
  expect(a).toHaveLength(1_000_000);
});
