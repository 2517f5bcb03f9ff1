import { createHash, generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import ssh2, { type Attributes, type Connection, type SFTPWrapper } from "ssh2";

const { Server, utils } = ssh2;
const { OPEN_MODE, STATUS_CODE } = utils.sftp;

export interface SftpFake {
  port: number;
  fingerprint: string;
  /** Contents by path; folders are null. */
  files: Map<string, Buffer | null>;
  /** What a client that got so far as to log in gave. */
  passwords: string[];
  open(): number;
  close(): Promise<void>;
}

const clean = (path: string): string =>
  `/${path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/")}`;

/** An SFTP server on the loopback over files in memory. It knows the user `shop` with the password `correct horse`; a folder `/hang` never answers. */
export async function startSftpFake(): Promise<SftpFake> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  const files: SftpFake["files"] = new Map([["/", null]]);
  const passwords: string[] = [];
  const clients = new Set<Connection>();
  const attributes = (content: Buffer | null): Attributes => ({
    mode: content ? 0o100644 : 0o040755,
    uid: 0,
    gid: 0,
    size: content?.length ?? 0,
    atime: 1_767_225_600,
    mtime: 1_767_225_600,
  });

  const serve = (sftp: SFTPWrapper): void => {
    const handles = new Map<number, { path: string; listed: boolean }>();
    let next = 0;
    const open = (path: string): Buffer => {
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(++next);
      handles.set(next, { path, listed: false });
      return handle;
    };
    const ok = (id: number): void => sftp.status(id, STATUS_CODE.OK);
    const missing = (id: number): void => sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    const of = (handle: Buffer) => handles.get(handle.readUInt32BE()) ?? { path: "", listed: true };
    const stat = (id: number, path: string): void => {
      const content = files.get(clean(path));
      if (content === undefined) missing(id);
      else sftp.attrs(id, attributes(content));
    };
    sftp.on("OPEN", (id, path, flags) => {
      const name = clean(path);
      if (flags & OPEN_MODE.WRITE) files.set(name, Buffer.alloc(0));
      if (files.get(name)) sftp.handle(id, open(name));
      else missing(id);
    });
    sftp.on("READ", (id, handle, offset, length) => {
      const content = files.get(of(handle).path) ?? Buffer.alloc(0);
      if (offset >= content.length) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, content.subarray(offset, offset + length));
    });
    sftp.on("WRITE", (id, handle, offset, data) => {
      const { path } = of(handle);
      const content = Buffer.alloc(Math.max(files.get(path)?.length ?? 0, offset + data.length));
      files.get(path)?.copy(content);
      data.copy(content, offset);
      files.set(path, content);
      ok(id);
    });
    sftp.on("CLOSE", (id) => ok(id));
    sftp.on("FSETSTAT", (id) => ok(id));
    sftp.on("FSTAT", (id, handle) => stat(id, of(handle).path));
    sftp.on("STAT", stat);
    sftp.on("LSTAT", stat);
    sftp.on("OPENDIR", (id, path) => {
      const name = clean(path);
      if (name === "/hang") return;
      if (files.get(name) === null) sftp.handle(id, open(name));
      else missing(id);
    });
    sftp.on("READDIR", (id, handle) => {
      const folder = of(handle);
      if (folder.listed) {
        sftp.status(id, STATUS_CODE.EOF);
        return;
      }
      folder.listed = true;
      const prefix = folder.path === "/" ? "/" : `${folder.path}/`;
      const within = [...files].filter(([path]) => path !== "/" && path.startsWith(prefix) && !path.slice(prefix.length).includes("/"));
      sftp.name(
        id,
        within.map(([path, content]) => ({ filename: path.slice(prefix.length), longname: path, attrs: attributes(content) })),
      );
    });
    sftp.on("MKDIR", (id, path) => {
      files.set(clean(path), null);
      ok(id);
    });
    const remove = (id: number, path: string): void => (files.delete(clean(path)) ? ok(id) : missing(id));
    sftp.on("REMOVE", remove);
    sftp.on("RMDIR", remove);
    sftp.on("RENAME", (id, from, to) => {
      const content = files.get(clean(from));
      if (content === undefined) {
        missing(id);
        return;
      }
      files.delete(clean(from));
      files.set(clean(to), content);
      ok(id);
    });
  };

  const server = new Server({ hostKeys: [privateKey] }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client)).on("error", () => {});
    client.on("authentication", (attempt) => {
      if (attempt.method !== "password") {
        attempt.reject(["password"]);
        return;
      }
      passwords.push(attempt.password);
      if (attempt.username === "shop" && attempt.password === "correct horse") attempt.accept();
      else attempt.reject(["password"]);
    });
    client.on("session", (accept) => {
      accept().on("sftp", (acceptSftp) => serve(acceptSftp()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: `SHA256:${createHash("sha256").update(key.getPublicSSH()).digest("base64").replace(/=+$/, "")}`,
    files,
    passwords,
    open: () => clients.size,
    close: () =>
      new Promise((resolve) => {
        for (const client of clients) client.end();
        server.close(() => resolve());
      }),
  };
}
