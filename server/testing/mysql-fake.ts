import type { AddressInfo, Server } from "node:net";
import { type Connection, createServer } from "mysql2";

/** What a fake server answers to a statement. */
export type MysqlAnswer =
  | { columns: { name: string; type: number; flags?: number }[]; rows: (string | number | Buffer | null)[][] }
  | { affectedRows: number; insertId?: number }
  | { error: { code: number; message: string } }
  | "silence";

export interface MysqlFake {
  port: number;
  /** Statements as they came, the prepared ones with their values. */
  statements: { sql: string; values: unknown[] }[];
  /** Connections that are open. */
  open(): number;
  close(): Promise<void>;
}

/** The driver's server side, which its types leave out. */
interface ServerConnection extends Connection {
  serverHandshake(options: object): void;
  writeOk(result?: object): void;
  writeEof(): void;
  writeError(error: object): void;
  writeColumns(columns: object[]): void;
  writeTextRow(row: unknown[]): void;
  writeBinaryRow(row: unknown[]): void;
  stream: NodeJS.WritableStream & { destroyed: boolean; on(event: string, listener: () => void): void };
  sequenceId: number;
  clientHelloReply: { user: string };
}

const definition = ({ name, type, flags = 0 }: { name: string; type: number; flags?: number }): object => ({
  catalog: "def",
  schema: "test",
  table: "t",
  orgTable: "t",
  name,
  orgName: name,
  characterSet: type === 252 && flags & 128 ? 63 : 45,
  columnLength: 1000,
  columnType: type,
  flags,
  decimals: 0,
});

const lengthEncoded = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const PARAMETER = Buffer.concat([
  ...["def", "", "", "", "?", ""].map(lengthEncoded),
  Buffer.from([0x0c, 63, 0, 0, 0, 0, 0, 253, 128, 0, 0, 0, 0]),
]);

/** MySQL's wire protocol, by the driver's own server side, over answers that the test gives. It knows the user `shop`, without TLS. */
export async function startMysqlFake(answer: (sql: string, values: unknown[]) => MysqlAnswer): Promise<MysqlFake> {
  const statements: MysqlFake["statements"] = [];
  const sockets = new Set<{ destroy?: () => void }>();
  let id = 0;
  const server = createServer((given: Connection) => {
    const connection = given as ServerConnection;
    sockets.add(connection.stream as { destroy?: () => void });
    connection.stream.on("close", () => sockets.delete(connection.stream as { destroy?: () => void }));
    connection.on("error", () => {});
    // The driver's server side counts on where a client counts anew.
    const restart = (): void => {
      connection.sequenceId = 0;
    };
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: "8.0.40-fake",
      connectionId: ++id,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xffffff ^ 0x800 ^ 0x20,
      authCallback: ({ user }: { user: string }, done: (error: null, refusal?: object) => void) => {
        setImmediate(restart);
        done(null, user === "shop" ? undefined : { message: `Access denied for user '${user}'`, code: 1045 });
      },
    });
    const prepared = new Map<number, string>();
    const reply = (sql: string, values: unknown[], isBinary: boolean): void => {
      statements.push({ sql, values });
      // An answer begins to count anew.
      connection.sequenceId = 1;
      setImmediate(restart);
      const result = /^(SET|START|COMMIT|ROLLBACK)/.test(sql) ? { affectedRows: 0 } : answer(sql, values);
      if (result === "silence") return;
      if ("error" in result) {
        connection.writeError(result.error);
        return;
      }
      if ("affectedRows" in result) {
        connection.writeOk({ ...result, serverStatus: 2 });
        return;
      }
      connection.writeColumns(result.columns.map(definition));
      for (const row of result.rows) isBinary ? connection.writeBinaryRow(row) : connection.writeTextRow(row);
      connection.writeEof();
    };
    connection.on("query", (sql: string) => reply(sql, [], false));
    connection.on("stmt_prepare", (sql: string) => {
      // The driver hands settings over here as well.
      if (/^SET/.test(sql)) {
        reply(sql, [], false);
        return;
      }
      const statement = ++id;
      prepared.set(statement, sql);
      setImmediate(restart);
      const count = sql.split("?").length - 1;
      const header = Buffer.alloc(12);
      header.writeUInt32LE(statement, 1);
      header.writeUInt16LE(count, 7);
      const eof = Buffer.from([0xfe, 0, 0, 2, 0]);
      const packets = [header, ...Array.from({ length: count }, () => PARAMETER), ...(count > 0 ? [eof] : [])];
      packets.forEach((payload, index) => {
        const frame = Buffer.alloc(4);
        frame.writeUIntLE(payload.length, 0, 3);
        frame[3] = index + 1;
        connection.stream.write(Buffer.concat([frame, payload]));
      });
    });
    connection.on("stmt_execute", (statement: number, _flags: number, _count: number, values: unknown[]) =>
      reply(prepared.get(statement) ?? "", values, true),
    );
  });
  // Of the server below, which the types leave out as well: its address, and its end.
  const raw = (server as unknown as { _server: Server })._server;
  await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
  return {
    port: (raw.address() as AddressInfo).port,
    statements,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy?.();
        raw.close(() => resolve());
      }),
  };
}
