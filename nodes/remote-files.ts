import { Writable } from "node:stream";
import { FatalError } from "@/flow/execution/errors";

/** A file or folder of a server. */
export interface RemoteEntry {
  name: string;
  path: string;
  type: "file" | "folder" | "link" | "other";
  size: number;
  /** ISO 8601; null where the server does not say. */
  modifyTime: string | null;
}

/** A server's files. */
export interface RemoteFiles {
  list(path: string): Promise<RemoteEntry[]>;
  /** @param maxBytes A longer file fails. */
  read(path: string, maxBytes: number): Promise<Buffer>;
  write(path: string, content: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  deleteFile(path: string): Promise<void>;
  /** Of an empty folder. */
  deleteFolder(path: string): Promise<void>;
  /** With those above it, as far as they are missing. */
  makeFolder(path: string): Promise<void>;
  close(): void;
}

export const joined = (folder: string, name: string): string => `${folder.replace(/\/+$/, "")}/${name}`;
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** A folder and those above it, the outermost first. */
export function foldersTo(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map((_, at) => `${path.startsWith("/") ? "/" : ""}${parts.slice(0, at + 1).join("/")}`);
}

/** Bytes of what is written to it, up to so many. */
export class Collector extends Writable {
  private readonly pieces: Buffer[] = [];
  private size = 0;
  constructor(private readonly maxBytes: number) {
    super();
  }
  override _write(piece: Buffer, _: string, done: (error?: Error) => void): void {
    this.size += piece.length;
    const isOver = this.size > this.maxBytes;
    if (!isOver) this.pieces.push(piece);
    done(isOver ? tooLarge(this.maxBytes) : undefined);
  }
  bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

export const tooLarge = (maxBytes: number): FatalError => new FatalError(`The file is larger than ${maxBytes} bytes`);
