import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/server/testing/database";
import { createEmbeddedEngine, type EmbeddedEngine } from "../embedded/engine";
import { until } from "../embedded/testing/engines";
import { newExecution, runScripts, type Script } from "../embedded/testing/scripts";
import { checkInvariants } from "../invariants";
import { CrashPoint } from "./testing/crash-point";

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 3 });
  pool.on("error", () => {});
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

/** What has been asked of one execution, as far as it was acknowledged. */
interface Asked {
  flow: "approval" | "quick" | "rest";
  signalled: boolean;
  cancelled: boolean;
  paused: boolean;
}

interface Model {
  executions: Asked[];
  /** Execution by dedupe key. */
  keys: Map<string, number>;
  workers: number;
}

interface Process {
  engine: EmbeddedEngine;
  point: CrashPoint;
}

/** The system: processes on one database, and the executions that the model knows by their numbers. */
class Real {
  readonly processes: Process[] = [];
  readonly ids: string[] = [];
  readonly writes = new Map<string, number[]>();

  constructor(readonly organizationId: string) {}

  async addProcess(): Promise<void> {
    const point = new CrashPoint(null, "before");
    const write = (id: string, name: string) => async () => {
      await point.alive(null);
      const key = `${id} ${name}#0`;
      this.writes.set(key, [...(this.writes.get(key) ?? []), Date.now()]);
      await new Promise((resolve) => setTimeout(resolve, 3));
      return point.alive({ name });
    };
    const scripts: Record<Asked["flow"], Script> = {
      approval: async (steps, _input, { id }) => {
        await steps.run("ask", write(id, "ask"), { effect: "write" });
        await steps.wait("gate");
        await steps.run("after", write(id, "after"), { effect: "write" });
      },
      quick: async (steps, _input, { id }) => {
        await steps.run("pure", () => ({ n: 1 }));
        await steps.run("write", write(id, "write"), { effect: "write" });
      },
      rest: async (steps, _input, { id }) => {
        await steps.run("first", write(id, "first"), { effect: "write" });
        await steps.sleep("nap", new Date(Date.now() + 150));
        await steps.run("second", write(id, "second"), { effect: "write" });
      },
    };
    const engine = await createEmbeddedEngine({
      connectionString: point.url(database.url),
      run: runScripts(scripts),
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      liveBus: { isHeard: () => false, publish() {} },
      heartbeatMs: 300,
      leaseMs: 60_000,
      pollMs: 100,
      inMemoryWaitMs: 30,
      stopMs: 1000,
    });
    this.processes.push({ engine, point });
  }

  /** The process that takes calls; they go to whichever is there. */
  get engine(): EmbeddedEngine {
    return this.processes[0]!.engine;
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map(({ engine }) => engine.stop()));
    for (const { point } of this.processes) point.forget();
  }
}

type Command = fc.AsyncCommand<Model, Real>;

class Start implements Command {
  constructor(
    readonly flow: Asked["flow"],
    readonly key: string | null,
  ) {}
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const execution = newExecution(real.organizationId, this.flow);
    const started = await real.engine.start({ ...execution, event: { ...execution.event, triggerId: "hook", dedupeKey: this.key } });
    const known = this.key === null ? undefined : model.keys.get(this.key);
    expect(started.duplicate).toBe(known !== undefined);
    if (known !== undefined) return expect(started.executionId).toBe(real.ids[known]);
    real.ids.push(started.executionId);
    model.executions.push({ flow: this.flow, signalled: false, cancelled: false, paused: false });
    if (this.key !== null) model.keys.set(this.key, real.ids.length - 1);
  }
  toString = () => `start ${this.flow}${this.key === null ? "" : ` as ${this.key}`}`;
}

abstract class OnExecution implements Command {
  constructor(readonly index: number) {}
  check = (model: Model) => model.executions.length > 0;
  run(model: Model, real: Real): Promise<void> {
    const at = this.index % model.executions.length;
    return this.act(model.executions[at]!, real.ids[at]!, real);
  }
  abstract act(asked: Asked, id: string, real: Real): Promise<void>;
  toString = () => `${this.constructor.name} ${this.index}`;
}

class Signal extends OnExecution {
  async act(asked: Asked, executionId: string, { engine, organizationId }: Real): Promise<void> {
    const correlation = `${executionId}:gate#0`;
    const taken = await engine.signal({ organizationId, executionId, event: "resume", correlation, payload: { ok: true } });
    // Taken once, unless it is over: a second one, and one for what was cancelled, find nothing to do.
    if (asked.flow === "approval" && !asked.cancelled) expect(taken).toBe(!asked.signalled);
    if (asked.flow === "approval" && taken) asked.signalled = true;
  }
}

class Cancel extends OnExecution {
  async act(asked: Asked, id: string, { engine }: Real): Promise<void> {
    if (await engine.cancel(id)) asked.cancelled = true;
    // An approval that nobody gave cannot have ended by itself.
    else if (asked.flow === "approval" && !asked.signalled) expect(asked.cancelled).toBe(true);
  }
}

class Pause extends OnExecution {
  async act(asked: Asked, id: string, { engine }: Real): Promise<void> {
    if (await engine.pause(id)) asked.paused = true;
  }
}

class Resume extends OnExecution {
  async act(asked: Asked, id: string, { engine }: Real): Promise<void> {
    await engine.resume(id);
    asked.paused = false;
  }
}

class Crash implements Command {
  check = (model: Model) => model.workers > 1;
  async run(model: Model, real: Real): Promise<void> {
    const { point } = real.processes.pop()!;
    point.crash();
    model.workers--;
  }
  toString = () => "crash";
}

class Join implements Command {
  check = (model: Model) => model.workers < 3;
  async run(model: Model, real: Real): Promise<void> {
    await real.addProcess();
    model.workers++;
  }
  toString = () => "join";
}

class Rest implements Command {
  constructor(readonly ms: number) {}
  check = () => true;
  run = () => new Promise<void>((resolve) => setTimeout(resolve, this.ms));
  toString = () => `rest ${this.ms}`;
}

const flow = fc.constantFrom<Asked["flow"][]>("approval", "approval", "quick", "rest");
const index = fc.nat({ max: 20 });
const commands = fc.commands(
  [
    fc.tuple(flow, fc.option(fc.constantFrom("k1", "k2", "k3"), { freq: 3 })).map(([of, key]) => new Start(of, key)),
    fc.tuple(flow, fc.constant(null)).map(([of, key]) => new Start(of, key)),
    index.map((at) => new Signal(at)),
    index.map((at) => new Cancel(at)),
    index.map((at) => new Pause(at)),
    index.map((at) => new Resume(at)),
    fc.constant(new Crash()),
    fc.constant(new Join()),
    fc.integer({ min: 1, max: 60 }).map((ms) => new Rest(ms)),
  ],
  { size: "large", maxCommands: 40 },
);

/** Statuses in which an execution may stay, given what was asked of it. */
function lasting({ flow, signalled, cancelled, paused }: Asked): string[] {
  if (cancelled) return ["cancelled"];
  // Asked to pause while it ended, or while all that it did was to wait: both are right.
  if (paused) return flow === "approval" && !signalled ? ["paused", "waiting"] : ["paused", "succeeded"];
  return flow === "approval" && !signalled ? ["waiting"] : ["succeeded"];
}

let organizations = 0;

test("whatever is asked in whatever order, every execution comes to what was asked of it", { timeout: 300_000 }, async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(commands, async (all) => {
      const organizationId = `model-${++organizations}`;
      await pool.query("insert into organization (id, name, slug, max_concurrent, updated_at) values ($1, $1, $1, 6, now())", [
        organizationId,
      ]);
      const real = new Real(organizationId);
      const model: Model = { executions: [], keys: new Map(), workers: 1 };
      await real.addProcess();
      try {
        await fc.asyncModelRun(() => ({ model, real }), all);
        asked += model.executions.length;
        const picture = async () => {
          const { rows } = await pool.query<{ id: string; status: string }>("select id, status from execution where organization_id = $1", [
            organizationId,
          ]);
          const statuses = new Map(rows.map(({ id, status }) => [id, status]));
          return real.ids
            .map((id, at) => ({ at, ...model.executions[at]!, status: statuses.get(id) ?? "not there" }))
            .filter((each) => !lasting(each).includes(each.status));
        };
        await until(picture, (wrong) => wrong.length === 0, 15_000);
        const { rows } = await pool.query<{ name: string; finished_at: Date }>(
          `select execution_id || ' ' || key as name, finished_at from execution_step
            where organization_id = $1 and effect = 'write' and status = 'succeeded'`,
          [organizationId],
        );
        expect(rows.filter(({ name, finished_at }) => real.writes.get(name)?.some((at) => at > finished_at.getTime()))).toEqual([]);
        expect(await checkInvariants(pool)).toEqual([]);
      } finally {
        await real.stop();
        for (const table of ["execution_step", "execution_wait", "execution_signal", "trigger_event", "execution"]) {
          await pool.query(`delete from ${table} where organization_id = $1`, [organizationId]);
        }
      }
    }),
    { numRuns: Number(process.env.MODEL_RUNS ?? 15), endOnFailure: true },
  );
  process.stdout.write(`model: ${asked} executions under commands\n`);
  expect(asked).toBeGreaterThan(20);
});
