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
