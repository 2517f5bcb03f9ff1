import { Zip, ZipDeflate } from "fflate";

export interface Entry {
  name: string;
  bytes: Uint8Array;
}

const PART_BYTES = 1024 * 1024;

/** A ZIP file of entries with different names. Others get their turn after every part: a large file must not stop the process. */
export async function zipped(entries: readonly Entry[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const archive = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part);
  });
  for (const { name, bytes } of entries) {
    const file = new ZipDeflate(name);
    archive.add(file);
    for (let from = 0; from === 0 || from < bytes.length; from += PART_BYTES) {
      file.push(bytes.subarray(from, from + PART_BYTES), from + PART_BYTES >= bytes.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  archive.end();
  return Buffer.concat(parts);
}
