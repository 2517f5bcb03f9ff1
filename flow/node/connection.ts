/** Where to connect to, for protocols that are not HTTP. */
export interface ConnectTarget {
  host: string;
  port: number;
  /** TLS from the start; absent: none, though a protocol may begin it later. */
  tls?: TlsSettings;
  /** Milliseconds until a connection must be there, TLS included; default 15 seconds. */
  timeoutMs?: number;
  /** Closes the connection, at any time. */
  signal?: AbortSignal;
}

export interface TlsSettings {
  /** Name that the certificate must be for; default the target's host. */
  servername?: string;
  rejectUnauthorized?: boolean;
  /** PEM, in place of the well-known authorities. */
  ca?: string;
  cert?: string;
  key?: string;
  /** Of an earlier connection to the same server, which it is to know again. */
  session?: Buffer;
  /** `false` gives the connection while TLS has yet to begin: some servers wait until they were told what to send. */
  awaitHandshake?: false;
}

/** An open connection: a duplex stream, as drivers take one for a socket. */
export interface Connection extends NodeJS.ReadWriteStream {
  readonly destroyed: boolean;
  destroy(error?: Error): unknown;
}

/**
 * Opens a connection to an address that may be reached. It is the caller's to close.
 * @throws FatalError for a forbidden address, and an `Error` that says what the network said
 */
export type Connect = (target: ConnectTarget) => Promise<Connection>;
