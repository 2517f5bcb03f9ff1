import type pg from "pg";
import type { Logger } from "pino";
import type { JsonObject } from "@/flow/item";
import type { LogLevel } from "@/flow/node/context";

interface Line {
  organizationId: string;
  executionId: string;
  stepKey: string | null;
  level: LogLevel;
  message: string;
  data: JsonObject | null;
}

const FLUSH_MS = 100;
/** Lines that may wait while the database is away; the oldest go first beyond it. */
const MOST_WAITING = 10_000;
const LONGEST_MESSAGE = 10_000;
const LONGEST_DATA = 64 * 1024;

/** Postgres text holds everything but U+0000. */
const storable = (text: string, length: number): string => text.replaceAll("\u0000", "\uFFFD").slice(0, length);

/**
 * Writes what executors say into `execution_log`, many lines at a time. Logs explain, they are not the truth: a step does not
 * wait for its lines, and a crash may lose those of the last moment.
 */
export class LogWriter {
  private waiting: Line[] = [];
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    private readonly logger: Pick<Logger, "error">,
  ) {}

  write(line: Line): void {
    this.waiting.push(line);
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Resolves once everything written so far is stored or has failed. */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const lines = this.waiting;
    this.waiting = [];
    if (lines.length > 0) this.flushing = this.flushing.then(() => this.store(lines));
    return this.flushing;
  }

  private async store(lines: Line[]): Promise<void> {
    try {
      await this.pool.query({
        name: "execution-log",
        text: `insert into execution_log (organization_id, execution_id, step_key, level, message, data)
               select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
        values: [
          lines.map((line) => line.organizationId),
          lines.map((line) => line.executionId),
          lines.map((line) => line.stepKey),
          lines.map((line) => line.level),
          lines.map((line) => storable(line.message, LONGEST_MESSAGE)),
          lines.map((line) => (line.data === null ? null : storable(JSON.stringify(line.data), LONGEST_DATA))),
        ],
      });
    } catch (cause) {
      this.logger.error({ err: cause, lines: lines.length }, "execution logs could not be stored");
    }
  }
}
