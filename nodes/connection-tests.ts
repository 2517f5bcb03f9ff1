import type { Connect } from "@/flow/node/connection";
import type { NodeContext } from "@/flow/node/context";

interface Network {
  connect: Connect;
  checkHost: NodeContext["checkHost"];
  signal: AbortSignal;
}

/** Tries a credential's fields at its server; gives what to tell, and throws what is wrong. */
type ConnectionTest = (fields: Readonly<Record<string, string>>, network: Network) => Promise<string>;

const sql = { largeNumbers: "text", maxRows: 1, timeoutMs: 15_000 } as const;

/** By kind of credential (`CREDENTIAL_KINDS`): those that are not tried by HTTP. Server only, as the executors are. */
export const connectionTests: Readonly<Record<string, ConnectionTest>> = {
  postgres: async (fields, network) => {
    const { connectPostgres } = await import("./postgres/client");
    const connection = await connectPostgres(fields, { ...network, ...sql });
    await connection.run({ text: "SELECT 1", values: [] }).finally(() => connection.close());
    return "The database answers";
  },
  mysql: async (fields, network) => {
    const { connectMysql } = await import("./mysql/client");
    const connection = await connectMysql(fields, { ...network, ...sql });
    await connection.run({ text: "SELECT 1", values: [] }).finally(() => connection.close());
    return "The database answers";
  },
  redis: async (fields, network) => {
    const { connectRedis } = await import("./redis/client");
    const connection = await connectRedis(fields, network);
    await connection.send("PING").finally(() => connection.close());
    return "The server answers";
  },
  mongodb: async (fields, network) => {
    const { connectMongo } = await import("./mongodb/client");
    const connection = await connectMongo(fields, { ...network, timeoutMs: 15_000 });
    await connection.run({ ping: 1 }).finally(() => connection.close());
    return "The database answers";
  },
  ftp: async (fields, network) => {
    const { openFtp } = await import("./ftp/client");
    const files = await openFtp(fields, { ...network, timeoutMs: 15_000 });
    files.close();
    return "The server answers";
  },
  smtp: async (fields, network) => {
    const { openTransport } = await import("./send-email/transport");
    const transport = await openTransport(fields, network, { ignoreTlsErrors: false });
    const stop = (): void => transport.close();
    network.signal.addEventListener("abort", stop, { once: true });
    await transport.verify().finally(stop);
    return "The server answers, and takes messages of this user";
  },
  imap: async (fields, network) => {
    const [{ openMailServer }, { imapServer }] = await Promise.all([import("./imap/client"), import("./imap/imap-server")]);
    const server = await openMailServer(imapServer(fields), { ...network, timeoutMs: 15_000 });
    await server.open("INBOX", "read").finally(() => server.close());
    return "The mailbox can be read";
  },
  sftp: async (fields, network) => {
    const { openSftp } = await import("./sftp/client");
    const files = await openSftp(fields, { ...network, timeoutMs: 15_000 });
    files.close();
    return "The server answers";
  },
};
