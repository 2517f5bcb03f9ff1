import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { Connect } from "@/flow/node/connection";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { fileOf } from "./files";
import { mimeTypeOf } from "./mime-types";
import type { remoteFileParameters } from "./remote-file-parameters";
import { folderOf, joined, type RemoteEntry, type RemoteFiles } from "./remote-files";

type Parameters = z.infer<typeof remoteFileParameters>;
type Context = NodeContext<Parameters>;

const MAX_BYTES = 100 * 1024 * 1024;
const MOST_DEPTH = 50;

/** Opens a server's files with the fields of its credential. */
type Open = (
  fields: Readonly<Record<string, string>>,
  options: { connect: Connect; signal: AbortSignal; timeoutMs: number },
) => Promise<RemoteFiles>;

/** What nodes of file servers do: one connection for all items, an operation for each. */
export const executeOnFiles =
  (slot: string, server: string, load: () => Promise<Open>): NodeExecutor<Parameters> =>
  async (context) => {
    if (context.items.length === 0) return [[]];
    const { timeoutSeconds } = context.parameters(0);
    const fields = await context.credential(slot);
    if (!fields) throw new FatalError(`Choose a credential for the ${server} server in the node "${context.node.name}"`);
    const open = await load();
    const { connect, signal } = context;
    const files = await open(fields, { connect, signal, timeoutMs: timeoutSeconds * 1000 });
    try {
      return await mapItems(context, (item, index) => operate(context, files, context.parameters(index), item, index));
    } finally {
      files.close();
    }
  };

async function operate(context: Context, files: RemoteFiles, parameters: Parameters, item: Item, index: number): Promise<Item | Item[]> {
  const path = checkedPath(parameters.path, "path", index);
  switch (parameters.operation) {
    case "list": {
      const entries = await listAll(files, path, parameters);
      return entries.map((entry) => ({ json: { ...entry } }));
    }
    case "download": {
      const fileName = path.slice(path.lastIndexOf("/") + 1);
      const binary = await context.writeBinary(await files.read(path, MAX_BYTES), { mimeType: mimeTypeOf(fileName), fileName });
      return { json: item.json, binary: { ...item.binary, [parameters.file]: binary } };
    }
    case "upload": {
      const content =
        parameters.source === "text"
          ? Buffer.from(parameters.text)
          : await context.readBinary(fileOf(item, parameters.file, "file", index));
      if (parameters.createFolders) await makeFolderOf(files, path);
      await files.write(path, content);
      return { json: { success: true, path } };
    }
    case "rename": {
      const to = checkedPath(parameters.newPath, "newPath", index);
      if (parameters.createFolders) await makeFolderOf(files, to);
      await files.rename(path, to);
      return { json: { success: true, path: to } };
    }
    case "delete":
      if (!parameters.folder) await files.deleteFile(path);
      else if (parameters.contents) await deleteAll(files, path, 0);
      else await files.deleteFolder(path);
      return { json: { success: true, path } };
  }
}

/** @throws ParameterError for a path that would end a command and begin another */
function checkedPath(path: string, field: string, index: number): string {
  if (path.trim() === "") throw new ParameterError(field, "is empty", index);
  for (const char of path) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 32 || code === 127) throw new ParameterError(field, "has a line break or control character in it", index);
  }
  return path;
}

const makeFolderOf = async (files: RemoteFiles, path: string): Promise<void> => {
  const folder = folderOf(path);
  if (folder !== "") await files.makeFolder(folder);
};

async function listAll(files: RemoteFiles, path: string, { recursive, maxEntries }: Parameters): Promise<RemoteEntry[]> {
  const found: RemoteEntry[] = [];
  const waiting = [{ path, depth: 0 }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    for (const entry of await files.list(next.path)) {
      if (found.length >= maxEntries)
        throw new FatalError(`There are more than ${maxEntries} entries below ${path}: list a smaller folder, or allow more`);
      found.push(entry);
      // Links are not followed: they may lead in circles.
      if (recursive && entry.type === "folder" && next.depth < MOST_DEPTH) waiting.push({ path: entry.path, depth: next.depth + 1 });
    }
  }
  return found;
}

async function deleteAll(files: RemoteFiles, path: string, depth: number): Promise<void> {
  if (depth > MOST_DEPTH) throw new FatalError(`The folder ${path} is nested too deep to be deleted`);
  for (const { name, type } of await files.list(path)) {
    const entry = joined(path, name);
    if (type === "folder") await deleteAll(files, entry, depth + 1);
    else await files.deleteFile(entry);
  }
  await files.deleteFolder(path);
}
