import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Binary, Item } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { fieldNames } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { fileOf } from "../files";
import { mimeTypeOf } from "../mime-types";
import type { compression } from "./definition";
import type { Entry } from "./zip-files";

type Parameters = z.infer<typeof compression.parameters>;
type Context = NodeContext<Parameters>;

/** What an archive may unpack to: a small one can hold more than any memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
const MAX_ENTRIES = 10_000;

export const execute: NodeExecutor<Parameters> = (context) =>
  mapItems(context, async (item, index) => {
    const parameters = context.parameters(index);
    const names = fieldNames(parameters.binaryPropertyName);
    if (names.length === 0) throw new ParameterError("binaryPropertyName", "is empty: name at least one file", index);
    const files = names.map((name) => ({ name, file: fileOf(item, name, "binaryPropertyName", index) }));
    const binary =
      parameters.operation === "compress"
        ? await compressed(context, files, parameters)
        : await unpacked(context, files, parameters, index);
    return { json: item.json, binary: { ...item.binary, ...binary }, pairedItem: { item: index } } satisfies Item;
  });

type Named = { name: string; file: Binary }[];

async function compressed(context: Context, files: Named, { outputFormat, fileName, binaryPropertyOutput }: Parameters) {
  const entries = await Promise.all(
    files.map(async ({ name, file }): Promise<Entry> => ({ name: file.fileName ?? name, bytes: await context.readBinary(file) })),
  );
  if (outputFormat === "zip") {
    const { zipped } = await import("./zip-files");
    const bytes = await zipped(uniqueNames(entries));
    return { [binaryPropertyOutput]: await context.writeBinary(bytes, { mimeType: "application/zip", fileName: fileName || "files.zip" }) };
  }
  const made: Record<string, Binary> = {};
  for (const [position, { name, bytes }] of entries.entries()) {
    const key = entries.length === 1 ? binaryPropertyOutput : `${binaryPropertyOutput}${position}`;
    made[key] = await context.writeBinary(await promisify(gzip)(bytes), { mimeType: "application/gzip", fileName: `${name}.gz` });
  }
  return made;
}

/** Two files of the same name would be one in the archive. */
function uniqueNames(entries: readonly Entry[]): Entry[] {
  const used = new Set<string>();
  return entries.map(({ name, bytes }) => {
    const [, base = name, extension = ""] = /^(.+?)(\.[^.]*)?$/.exec(name) ?? [];
    let free = name;
    for (let number = 1; used.has(free); number++) free = `${base} (${number})${extension}`;
    used.add(free);
    return { name: free, bytes };
  });
}

async function unpacked(context: Context, files: Named, { outputPrefix }: Parameters, index: number) {
  const made: Record<string, Binary> = {};
  let count = 0;
  let total = 0;
  for (const { name, file } of files) {
    for (const entry of await entriesOf(await context.readBinary(file), file.fileName ?? name, name, index)) {
      total += entry.bytes.length;
      if (total > MAX_UNPACKED_BYTES) throw tooLarge(name, index);
      made[`${outputPrefix}${count++}`] = await context.writeBinary(entry.bytes, {
        mimeType: mimeTypeOf(entry.name),
        fileName: entry.name,
      });
    }
  }
  return made;
}

const tooLarge = (name: string, index: number): ParameterError =>
  new ParameterError("binaryPropertyName", `the file "${name}" unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MB`, index);

/** The kind is told by the first bytes: names and types are often wrong. */
async function entriesOf(bytes: Uint8Array, fileName: string, name: string, index: number): Promise<Entry[]> {
  const broken = (error: unknown): ParameterError =>
    new ParameterError("binaryPropertyName", `the file "${name}" can't be unpacked: ${(error as Error).message}`, index);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const unzipped = await promisify(gunzip)(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(name, index) : broken(error);
    });
    return [{ name: fileName.replace(/\.gz$/i, ""), bytes: unzipped }];
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const { unzipSync } = await import("fflate");
    let declared = 0;
    let entries = 0;
    try {
      const all = unzipSync(bytes, {
        filter({ name: path, originalSize }) {
          declared += originalSize;
          entries++;
          if (declared > MAX_UNPACKED_BYTES || entries > MAX_ENTRIES) throw tooLarge(name, index);
          return !path.endsWith("/");
        },
      });
      return Object.entries(all).map(([path, content]) => ({ name: path.split(/[\\/]/).at(-1) || path, bytes: content }));
    } catch (error) {
      throw error instanceof ParameterError ? error : broken(error);
    }
  }
  throw new ParameterError("binaryPropertyName", `the file "${name}" is neither a ZIP nor a gzip file`, index);
}
