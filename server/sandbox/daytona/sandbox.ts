import { setTimeout as sleep } from "node:timers/promises";
import { parseBoundHost } from "@/flow/credentials/hosts";
import { CancelledError, FatalError } from "@/flow/execution/errors";
import type { Json } from "@/flow/item";
import type { HttpClient, Sandbox, SandboxJob, SandboxLanguage, SandboxResult } from "@/flow/node/context";
import { logger } from "@/server/logger";
import type { NetworkedJob } from "../network";
import { failureOf, parseAnswer, type RunFailure } from "./answer";
import { DaytonaClient, type DaytonaSandbox } from "./client";
import { type Program, programOf } from "./programs";
import { nameOf, sessionOf } from "./session";

export interface DaytonaOptions {
  apiKey: string;
  baseUrl: string;
  http: HttpClient;
  /** Name of the snapshot that containers are made from; Daytona's own when absent. Go and Rust need one that holds their compilers. */
  snapshot?: string | undefined;
  /** Region. */
  target?: string | undefined;
  /** Milliseconds that a job may run when one call waits for it. */
  syncTimeoutMs: number;
  /** Milliseconds that a job may run in a session. */
  asyncTimeoutMs: number;
  /** Milliseconds between two looks at a container that starts. */
  startPollMs?: number;
  maxOutputBytes?: number;
}

const START_LIMIT_MS = 120_000;
const BUILD_SECONDS = 180;
const DEFAULT_POLL = { pollIntervalMs: 1000, maxPollAttempts: 300 };
/** So long after its time a session that nobody waited for can be asked for what came of it. */
const KEPT_MINUTES = 30;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const ENDED_STATES = new Set(["error", "build_failed", "destroyed", "destroying", "stopped", "archived"]);

/**
 * Runs each job in a container of Daytona's that is made for it and deleted after it, however it ended. Should this process end
 * meanwhile, the container deletes itself; so does that of a session that nobody waits for, which may be asked for its result as
 * often as anybody likes until then.
 */
export function createDaytonaSandbox(options: DaytonaOptions): Sandbox {
  const client = new DaytonaClient(options);

  return {
    async run(job: NetworkedJob, signal?: AbortSignal): Promise<SandboxResult> {
      const maxBytes = options.maxOutputBytes ?? MAX_OUTPUT_BYTES;
      if (job.session !== undefined) return resultOf(client, job.session, job, maxBytes, signal);
      const program = await programOf(job);
      const poll = typeof job.wait === "object" ? { ...DEFAULT_POLL, ...job.wait } : null;
      const goesOn = job.wait === "none";
      const limitMs = poll || goesOn ? options.asyncTimeoutMs : options.syncTimeoutMs;
      const seconds = Math.max(1, Math.ceil(Math.min(job.timeoutMs ?? limitMs, limitMs) / 1000));
      const minutes = Math.ceil((seconds + BUILD_SECONDS + START_LIMIT_MS / 1000) / 60) + (goesOn ? KEPT_MINUTES : 5);
      const hosts = domains((await job.network?.hosts()) ?? []);
      const made = await client.create(
        {
          labels: { tolstoy: "code", language: job.language },
          ...(options.snapshot && { snapshot: options.snapshot }),
          ...(options.target && { target: options.target }),
          networkBlockAll: hosts.length === 0,
          ...(hosts.length > 0 && { domainAllowList: hosts.join(",") }),
          autoStopInterval: minutes,
          autoDeleteInterval: 0,
          ttlMinutes: minutes,
        },
        signal,
      );
      let isKept = false;
      try {
        const sandbox = await started(client, made, options.startPollMs ?? 500, signal);
        const toolbox = await client.toolbox(sandbox, signal);
        await client.upload(toolbox, { ...program.files, "run.sh": script(program, seconds) }, signal);
        const { language } = job;
        if (goesOn) {
          const command = await client.start(toolbox, COMMAND, signal);
          const session = { sandboxId: made.id, ...command, language, needs: program.needs, seconds };
          const sessionId = nameOf(session, job.organizationId);
          isKept = true;
          return { value: null, logs: [], sessionId };
        }
        const began = performance.now();
        const exitCode = poll
          ? await endOf(client, toolbox, await client.start(toolbox, COMMAND, signal), poll, signal)
          : await waited(client, toolbox, program, seconds, signal);
        const tookMs = performance.now() - began;
        return await read(client, { toolbox, needs: program.needs, language, exitCode, seconds, tookMs, maxBytes }, signal);
      } finally {
        if (!isKept) await discard(client, made.id);
      }
    },
  };
}

async function discard(client: DaytonaClient, id: string): Promise<void> {
  await client.delete(id).catch((error: unknown) => {
    logger.warn({ err: error, sandbox: id }, "A Daytona sandbox could not be deleted; it deletes itself in a while");
  });
}

/** Daytona takes names alone, without schemes and ports. */
const domains = (hosts: readonly string[]): string[] =>
  hosts.flatMap((host) => {
    const bound = parseBoundHost(host);
    return bound ? [`${bound.wildcard ? "*." : ""}${bound.hostname}`] : [];
  });

/** The container once it takes calls. */
async function started(client: DaytonaClient, made: DaytonaSandbox, pollMs: number, signal?: AbortSignal): Promise<DaytonaSandbox> {
  const end = Date.now() + START_LIMIT_MS;
  let sandbox = made;
  while (sandbox.state !== "started") {
    if (ENDED_STATES.has(sandbox.state ?? "")) {
      throw new Error(`Daytona could not start a sandbox for the code: ${sandbox.errorReason ?? sandbox.state}`);
    }
    if (Date.now() > end) throw new Error(`Daytona did not start a sandbox within ${START_LIMIT_MS / 1000} s`);
    await pause(pollMs, signal);
    sandbox = await client.get(made.id, signal);
  }
  return sandbox;
}

const TIMED_OUT = 124;
const COMPILE_FAILED = 90;
const MISSING_PROGRAM = 91;

/** Exit codes tell what happened; what was printed lies in files. */
const script = ({ build, run, needs }: Program, seconds: number): string =>
  [
    `command -v ${needs} >/dev/null 2>&1 || exit ${MISSING_PROGRAM}`,
    ...(build
      ? [
          `timeout -k 2 ${BUILD_SECONDS} sh -c ${quoted(`${build} > build.txt 2>&1`)}`,
          "built=$?",
          `[ $built -eq 0 ] || { [ $built -eq 124 ] && echo "The compiler took longer than ${BUILD_SECONDS} s" >> build.txt; exit ${COMPILE_FAILED}; }`,
        ]
      : []),
    `timeout -k 2 ${seconds} sh -c ${quoted(run.includes("> answer.json") ? `${run} 2> errors.txt` : `${run} > output.txt 2> errors.txt`)}`,
    "",
  ].join("\n");

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const COMMAND = "sh run.sh";

async function waited(client: DaytonaClient, toolbox: string, program: Program, seconds: number, signal?: AbortSignal): Promise<number> {
  const limit = seconds + (program.build ? BUILD_SECONDS : 0) + 5;
  const { exitCode } = await client.execute(toolbox, COMMAND, limit, signal);
  return exitCode;
}

/** What came of a session that nobody waited for: asked for again and again until it has ended. */
async function resultOf(
  client: DaytonaClient,
  name: string,
  { wait, organizationId }: SandboxJob,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<SandboxResult> {
  const { sandboxId, sessionId, commandId, language, needs, seconds } = sessionOf(name, organizationId);
  const sandbox = await client.find(sandboxId, signal);
  if (!sandbox || ENDED_STATES.has(sandbox.state ?? "")) {
    throw new FatalError(`The session is over, and its container gone: a result is kept for ${KEPT_MINUTES} minutes after the code's time`);
  }
  const toolbox = await client.toolbox(sandbox, signal);
  const poll = typeof wait === "object" ? wait : DEFAULT_POLL;
  const exitCode = await endOf(client, toolbox, { sessionId, commandId }, poll, signal);
  // When it ended is not known: what was killed is taken to have used too much memory.
  return read(client, { toolbox, needs, language, exitCode, seconds, tookMs: 0, maxBytes }, signal);
}

/** Asks until a command has ended. @returns its exit code */
async function endOf(
  client: DaytonaClient,
  toolbox: string,
  command: { sessionId: string; commandId: string },
  { pollIntervalMs, maxPollAttempts }: { pollIntervalMs: number; maxPollAttempts: number },
  signal?: AbortSignal,
): Promise<number> {
  for (let attempt = 0; attempt < maxPollAttempts; attempt++) {
    if (attempt > 0) await pause(pollIntervalMs, signal);
    const exitCode = await client.exitCode(toolbox, command, signal);
    if (exitCode !== null) return exitCode;
  }
  throw new FatalError(
    `The code had not ended after ${maxPollAttempts} polls, one every ${pollIntervalMs / 1000} s. Raise the number of polls or their interval`,
  );
}

interface Ended {
  toolbox: string;
  needs: string;
  language: SandboxLanguage;
  exitCode: number;
  seconds: number;
  tookMs: number;
  maxBytes: number;
}

async function read(client: DaytonaClient, ended: Ended, signal?: AbortSignal): Promise<SandboxResult> {
  const { toolbox, needs, language, exitCode, seconds, maxBytes } = ended;
  const file = (name: string, bytes = 1024 * 1024) => client.download(toolbox, name, bytes, signal);
  if (exitCode === MISSING_PROGRAM) throw new FatalError(missingProgram(needs));
  if (exitCode === COMPILE_FAILED) throw failureOf({ kind: "compile", text: (await file("build.txt")) ?? "" }, language, []);
  const answer = parseAnswer(await file("answer.json", maxBytes));
  const printed = (await file("output.txt", maxBytes)) ?? "";
  const errors = (await file("errors.txt")) ?? "";
  if (answer) {
    const logs = answer.logs ?? linesOf(printed, "info").concat(linesOf(errors, "error"));
    if (answer.error) throw failureOf({ kind: "guest", ...answer.error }, language, logs);
    return { value: answer.value as Json, logs };
  }
  const failed = (failure: RunFailure) => failureOf(failure, language, [...linesOf(printed, "info"), ...linesOf(errors, "error")]);
  if (exitCode === TIMED_OUT || (exitCode === 137 && ended.tookMs >= seconds * 1000)) throw failed({ kind: "time", seconds });
  if (exitCode === 137) throw failed({ kind: "memory" });
  if (exitCode !== 0) throw failed({ kind: "exit", exitCode, text: errors });
  return { value: printedValue(printed), logs: linesOf(errors, "info") };
}

/** What a whole program printed: JSON where it is some. */
function printedValue(printed: string): Json {
  try {
    return JSON.parse(printed) as Json;
  } catch {
    return { output: printed.trim() };
  }
}

/** What is said by `utils` of compiled languages, with its level (programs/main.go, programs/main.rs). */
const MARK = "\u001e";
const SAID = new RegExp(`^${MARK}(info|warn|error)${MARK}(.*)$`);

const linesOf = (text: string, level: "info" | "error"): SandboxResult["logs"] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 200)
    .map((line) => {
      const [, marked, message = line] = SAID.exec(line) ?? [];
      return { level: (marked as SandboxResult["logs"][number]["level"] | undefined) ?? level, message: message.slice(0, 4000) };
    });

const missingProgram = (name: string): string =>
  `The Daytona sandbox has no "${name}". Set DAYTONA_SNAPSHOT to the name of a snapshot that holds it`;

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch {
    throw signal?.reason instanceof Error ? signal.reason : new CancelledError();
  }
}
