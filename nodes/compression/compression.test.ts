import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Binary, JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const file = (content: string | Uint8Array, fileName?: string): Binary => ({
  mimeType: "text/plain",
  data: Buffer.from(content).toString("base64"),
  ...(fileName && { fileName }),
});
const text = (binary: Binary | undefined) => Buffer.from(binary?.data ?? "", "base64").toString();
const run = async (parameters: JsonObject, binary: Record<string, Binary>) =>
  (await executeForTest("compression", { parameters, items: [{ json: { id: 1 }, binary }] })).outputs[0]?.[0];

describe("Compression", () => {
  it("packs files as ZIP and unpacks them again", async () => {
    const files = { one: file("first", "a.txt"), two: file("second", "a.txt"), three: file("no name") };
    const packed = await run(
      { operation: "compress", binaryPropertyName: "one, two,three", binaryPropertyOutput: "zip", fileName: "all.zip" },
      files,
    );
    expect(packed).toMatchObject({ json: { id: 1 }, pairedItem: { item: 0 } });
    expect(Object.keys(packed?.binary ?? {})).toEqual(["one", "two", "three", "zip"]);
    expect(packed?.binary?.zip).toMatchObject({ mimeType: "application/zip", fileName: "all.zip" });
    const back = await run({ binaryPropertyName: "zip" }, { zip: packed?.binary?.zip as Binary });
    expect([0, 1, 2].map((n) => [back?.binary?.[`file_${n}`]?.fileName, text(back?.binary?.[`file_${n}`])])).toEqual([
      ["a.txt", "first"],
      ["a (1).txt", "second"],
      ["three", "no name"],
    ]);
    expect(back?.binary?.file_0?.mimeType).toBe("text/plain");
  });

  it("packs each file as gzip and unpacks it again", async () => {
    const packed = await run(
      { operation: "compress", outputFormat: "gzip", binaryPropertyName: "a,b" },
      { a: file("1", "x.csv"), b: file("2") },
    );
    expect([packed?.binary?.data0?.fileName, packed?.binary?.data1?.fileName]).toEqual(["x.csv.gz", "b.gz"]);
    const back = await run({ binaryPropertyName: "data0", outputPrefix: "out" }, packed?.binary ?? {});
    expect(back?.binary?.out0).toMatchObject({ fileName: "x.csv", mimeType: "text/csv" });
    expect(text(back?.binary?.out0)).toBe("1");
  });

  it("gives files, not folders, and their names without a path", async () => {
    const zip = zipSync({ "dir/": new Uint8Array(), "dir/../../etc/passwd": Buffer.from("x") });
    const back = await run({}, { data: file(zip) });
    expect(Object.keys(back?.binary ?? {})).toEqual(["data", "file_0"]);
    expect(back?.binary?.file_0?.fileName).toBe("passwd");
  });

  it("does not unpack bombs", async () => {
    const zeros = gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 });
    await expect(run({}, { data: file(zeros) })).rejects.toThrow("unpacks to more than 256 MB");
    // A ZIP file whose directory says that 4 GB are in it.
    const zip = Buffer.from(zipSync({ a: Buffer.alloc(1000) }));
    const directory = zip.lastIndexOf(Buffer.from("PK\u0001\u0002", "latin1"));
    zip.writeUInt32LE(0xfffffff0, directory + 24);
    await expect(run({}, { data: file(zip) })).rejects.toThrow("unpacks to more than 256 MB");
  });

  it("says what can't be unpacked", async () => {
    await expect(run({}, { data: file("plain") })).rejects.toThrow('the file "data" is neither a ZIP nor a gzip file');
    await expect(run({}, { data: file(Buffer.from([0x1f, 0x8b, 1, 2, 3])) })).rejects.toThrow("can't be unpacked");
    await expect(run({}, { data: file("PK broken") })).rejects.toThrow("can't be unpacked");
    await expect(run({ binaryPropertyName: "none" }, { data: file("x") })).rejects.toThrow('there is no file "none"');
  });
});
