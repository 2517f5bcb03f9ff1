import pg from "pg";

/** Classes of SQLSTATE that say "not now": connection, rollback by conflict, resources, operator, system. */
const PASSING = /^(08|40|53|57|58|55P03|25006|XX000)/;

/** Whether the same statement may well succeed later. Statements of the engine may be sent again without harm. */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return PASSING.test(error.code ?? "");
  // Without a code of the database it never answered: refused, reset, timed out.
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError);
}

/**
 * One connection, made when it is first used and again after it broke. A statement that failed because the connection did is
 * the caller's to send again.
 */
export class Connection {
  private client: Promise<pg.Client> | null = null;
  private ended = false;

  constructor(
    private readonly config: pg.ClientConfig,
    /** Prepares a new connection, e.g. listens. */
    private readonly prepare: (client: pg.Client) => Promise<void> = async () => {},
    private readonly onLost: (error: unknown) => void = () => {},
  ) {}

  async query<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    const client = await this.connected();
    try {
      return await client.query<R>(statement);
    } catch (error) {
      // Also after a time-out: the answer that may still come belongs to this statement.
      if (!(error instanceof pg.DatabaseError) || PASSING.test(error.code ?? "")) this.discard(client, error);
      throw error;
    }
  }

  connected(): Promise<pg.Client> {
    if (this.ended) return Promise.reject(new Error("The engine has stopped"));
    if (this.client) return this.client;
    const attempt = this.connect();
    this.client = attempt;
    attempt.catch(() => {
      if (this.client === attempt) this.client = null;
    });
    return attempt;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({ keepAlive: true, connectionTimeoutMillis: 10_000, ...this.config });
    client.on("error", (error) => this.discard(client, error));
    client.on("end", () => this.discard(client, new Error("The database connection was closed")));
    try {
      await client.connect();
      await this.prepare(client);
      return client;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }

  private discard(client: pg.Client, error: unknown): void {
    const current = this.client;
    if (!current) return;
    current.then(
      (held) => {
        if (held !== client || this.client !== current) return;
        this.client = null;
        client.end().catch(() => {});
        if (!this.ended) this.onLost(error);
      },
      () => {},
    );
  }

  async end(): Promise<void> {
    this.ended = true;
    const client = this.client;
    this.client = null;
    await client?.then((held) => held.end()).catch(() => {});
  }
}

/** Resolves after a time, or at once when the signal aborts. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });

/** Repeats what fails for a passing reason, for as long as it takes or until the signal aborts. */
export async function persist<T>(work: () => Promise<T>, signal: AbortSignal, passes: (error: unknown) => boolean = isPassing): Promise<T> {
  for (let delay = 20; ; delay = Math.min(delay * 2, 1000)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !passes(error)) throw error;
      await pause(delay, signal);
      if (signal.aborted) throw error;
    }
  }
}

/** The database's own code where the ORM has none for it: of a server that is still starting, for one. */
function codeOf(thrown: Error): unknown {
  const { code, meta } = thrown as { code?: unknown; meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } };
  return meta?.driverAdapterError?.cause?.originalCode ?? code;
}

/** Codes of a database, or of the ORM above it, that cannot be reached now. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = codeOf(thrown);
  if (typeof code !== "string")
    return /Connection terminated|Query read timeout|timeout exceeded when trying to connect/.test(thrown.message);
  return (
    /^(P1001|P1002|P1008|P1017|P2024|P2037)$/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code) ||
    (/^(08|53|57)/.test(code) && isPassing(thrown))
  );
}
