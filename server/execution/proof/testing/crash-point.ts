import { randomBytes } from "node:crypto";
import pg from "pg";

/** Where in a statement's life its process dies: it was never sent, or it was carried out and nobody heard of it. */
export type Moment = "before" | "after";

const points = new Map<string, CrashPoint>();
const never = <T>(): Promise<T> => new Promise<T>(() => {});

/**
 * A process inside of this one that can die at a database statement: its connections carry a mark, and from its death on
 * nothing that they are asked is sent, nothing that they are sent is heard, and its sessions end at the server.
 */
export class CrashPoint {
  /** Statements since it was armed. */
  statements = 0;
  crashed = false;
  readonly gone: Promise<void>;
  private die: () => void = () => {};
  private armed = false;
  private readonly clients = new Set<pg.Client>();
  private readonly mark = `crash_${randomBytes(6).toString("hex")}`;

  /** @param at the statement to die at, 1-based; null to count only */
  constructor(
    private readonly at: number | null,
    private readonly moment: Moment,
  ) {
    this.gone = new Promise((resolve) => {
      this.die = resolve;
    });
    points.set(this.mark, this);
    patch();
  }

  /** The same database, for what belongs to this process. */
  url(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.searchParams.set("options", `-c tolstoy.mark=${this.mark}`);
    return url.href;
  }

  /** Statements count from now on. */
  arm(): void {
    this.armed = true;
  }

  /** Goes on after a crash in nothing that the world could see. */
  alive<T>(value: T): T | Promise<T> {
    return this.crashed ? never() : value;
  }

  connecting(client: pg.Client): boolean {
    if (this.crashed) return false;
    this.clients.add(client);
    return true;
  }

  /** Undefined: the statement is sent as usual. */
  statement(send: () => Promise<unknown>): Promise<never> | undefined {
    if (this.crashed) return never();
    if (!this.armed || ++this.statements !== this.at) return undefined;
    this.crashed = true;
    // What was carried out stays so, refused or not: only the answer is lost. What waits for a lock that this process itself
    // holds is never carried out.
    const sent = this.moment === "after" ? Promise.race([send().catch(() => {}), patience()]) : Promise.resolve();
    void sent.then(() => this.crash());
    return never();
  }

  /** Ends its sessions as the operating system does for a process that died. */
  crash(): void {
    this.crashed = true;
    for (const client of this.clients) {
      const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
      stream.destroy();
    }
    this.die();
  }

  /** Its engine has stopped. What died stays dead: its timers go on in this process, and must find no database. */
  forget(): void {
    if (!this.crashed) points.delete(this.mark);
  }
}

const patience = () => new Promise<void>((resolve) => setTimeout(resolve, 1000));

let patched = false;

/** Puts the marks' meaning into the database client, once. */
function patch(): void {
  if (patched) return;
  patched = true;
  // biome-ignore lint/suspicious/noExplicitAny: the client's methods have many forms, all of which pass through
  const prototype = pg.Client.prototype as any;
  const { query, connect } = prototype;
  const pointOf = (client: { connectionParameters: { options?: string } }): CrashPoint | undefined =>
    points.get(/tolstoy\.mark=(\w+)/.exec(client.connectionParameters.options ?? "")?.[1] ?? "");
  prototype.connect = function (...given: unknown[]) {
    const point = pointOf(this);
    return !point || point.connecting(this) ? connect.apply(this, given) : never();
  };
  prototype.query = function (...given: unknown[]) {
    const withoutCallback = given.filter((each) => typeof each !== "function");
    const stopped = pointOf(this)?.statement(() => query.apply(this, withoutCallback));
    return stopped ?? query.apply(this, given);
  };
}
