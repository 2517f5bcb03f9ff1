import type { LiveBus } from "@/server/realtime/bus";
import type { RunExecution } from "../engine";

/** What the engine says to its operators; a pino logger is one. */
export interface EngineLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Where live events go. */
export type LiveSink = Pick<LiveBus, "publish" | "isHeard"> & Partial<Pick<LiveBus, "reportsWith">>;

export interface EmbeddedEngineOptions {
  /** A direct connection: sessions, LISTEN and advisory locks do not survive a transaction pooler. */
  connectionString: string;
  run: RunExecution;
  logger: EngineLogger;
  liveBus: LiveSink;
  /**
   * Hears that an execution has ended, durably; which one, if anything is to follow from it, is in the database (`execution_end`).
   * Of one that succeeded and has no parent that is so only where flows listen.
   */
  ended?: (followed: "surely" | "perhaps") => void;
  /** Executions that this process holds in memory at the same time; 0 for one that runs none itself. */
  capacity?: number;
  /** Silence after which a process is taken for dead and its executions go to another. */
  leaseMs?: number;
  heartbeatMs?: number;
  /** Silence after which a process whose database session is gone is taken for dead. */
  quietMs?: number;
  /** How often to look for work and timers that no notification told about. */
  pollMs?: number;
  /** Shorter waits are spent in memory, longer ones parked in the database. */
  inMemoryWaitMs?: number;
  /** How long `stop` lets running steps go on before they are given back. */
  stopMs?: number;
  /** At most one notification to the other processes in this time. */
  notifyMs?: number;
  /** How long journal rows that nothing waits for may gather. */
  gatherMs?: number;
  /** Outputs above it go to the payload store. */
  inlineBytes?: number;
  /** A step whose output is larger fails. */
  maxOutputBytes?: number;
  /** A database that does not answer a statement for so long is connected to anew. */
  statementTimeoutMs?: number;
  /** Starts that wait for the database before further ones are refused. */
  maxBacklog?: number;
  /** Queued executions of an organization beyond which its starts are refused, as of the last look. */
  maxQueued?: number;
  /** Begin executions at once while there is room, before their queueing is durable. */
  eager?: boolean;
}

export type EngineSettings = Required<EmbeddedEngineOptions>;

export function engineSettings(options: EmbeddedEngineOptions): EngineSettings {
  const heartbeatMs = options.heartbeatMs ?? 3000;
  return {
    capacity: 100,
    leaseMs: 15_000,
    quietMs: heartbeatMs * 2 + 500,
    pollMs: 1000,
    inMemoryWaitMs: 1000,
    stopMs: 10_000,
    notifyMs: 50,
    gatherMs: 10,
    inlineBytes: 64 * 1024,
    maxOutputBytes: 64 * 1024 * 1024,
    statementTimeoutMs: 20_000,
    maxBacklog: 10_000,
    maxQueued: 100_000,
    eager: true,
    ended: () => {},
    ...options,
    heartbeatMs,
  };
}
