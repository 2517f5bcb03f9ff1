/**
 * A sandbox process: one QuickJS engine in WebAssembly, one fresh context per job. It runs under plain Node (no bundler, no
 * TypeScript) and is started by path, see pool.ts. The guest gets no host function at all: it is handed strings and asked for
 * strings, so there is nothing in its reach that leads out. The parent ends this process when in doubt.
 */
import sync from "@jitl/quickjs-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant, newVariant } from "quickjs-emscripten-core";
import { GUEST_BOOTSTRAP } from "./guest.mjs";

const PAGE = 65_536;
const maximumPages = Math.floor(Number(process.argv[2] ?? 134_217_728) / PAGE);
/** The engine's own limit lies below the memory's end, so that most programs that want too much get a catchable error. */
const engineLimit = Math.floor(maximumPages * PAGE * 0.75);
const STACK_BYTES = 128 * 1024;
/** Above this the memory, which never shrinks, is worth a new process. */
const WORN_BYTES = 64 * 1024 * 1024;

const memory = new WebAssembly.Memory({ initial: 256, maximum: maximumPages });
const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(sync, { wasmMemory: memory }));

let deadline = Number.POSITIVE_INFINITY;

function prepare() {
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(engineLimit);
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setInterruptHandler(() => Date.now() > deadline);
  const context = runtime.newContext();
  const made = context.evalCode(GUEST_BOOTSTRAP, "bootstrap.js");
  if (made.error) throw new Error("The sandbox's own start-up code failed");
  return { runtime, context, guest: made.value };
}

/** Calls one of the guest's service functions with string or handle arguments. */
function call({ context, guest }, name, ...args) {
  const fn = context.getProp(guest, name);
  const handles = args.map((value) => (typeof value === "string" ? context.newString(value) : value));
  const result = context.callFunction(fn, context.undefined, ...handles);
  fn.dispose();
  handles.forEach((handle, index) => {
    if (typeof args[index] === "string") handle.dispose();
  });
  return result;
}

function callForString(box, name, ...args) {
  const result = call(box, name, ...args);
  if (result.error) {
    result.error.dispose();
    return undefined;
  }
  const text = box.context.typeof(result.value) === "string" ? box.context.getString(result.value) : undefined;
  result.value.dispose();
  return text;
}

const timedOut = () => Date.now() > deadline;
const failure = (box, error) => {
  const text = timedOut() ? undefined : callForString(box, "describe", error);
  error.dispose();
  return text === undefined ? { kind: timedOut() ? "time" : "memory" } : { kind: "guest", ...JSON.parse(text) };
};

/** Runs promise reactions and timers until the job has settled; undefined when it has, else what went wrong. */
async function settle(box) {
  for (;;) {
    if (timedOut()) return { kind: "time" };
    const jobs = box.runtime.executePendingJobs(1000);
    if (jobs.error) return failure(box, jobs.error);
    const more = jobs.value > 0;
    jobs.dispose?.();
    if (more) continue;
    const state = callForString(box, "state");
    if (state === "settled") return undefined;
    if (state === undefined) return { kind: timedOut() ? "time" : "memory" };
    if (state === "stuck") return { kind: "stuck" };
    // Otherwise the milliseconds until the guest's next timer.
    await new Promise((resolve) => setTimeout(resolve, Math.min(Number(state), Math.max(0, deadline - Date.now()) + 1)));
    if (timedOut()) return { kind: "time" };
    const fired = call(box, "fire");
    if (fired.error) return failure(box, fired.error);
    fired.value.dispose();
  }
}

async function run(box, job) {
  const loaded = call(box, "load", job.globals);
  if (loaded.error) return { error: failure(box, loaded.error) };
  loaded.value.dispose();
  if (job.prelude) {
    const prelude = box.context.evalCode(job.prelude, "prelude.js");
    if (prelude.error) return { error: failure(box, prelude.error) };
    prelude.value.dispose();
  }
  // On one line with the code's first line, so that the guest's line numbers are the author's.
  const started = box.context.evalCode(`(async () => {${job.code}\n})()`, "code.js");
  if (started.error) return { error: failure(box, started.error) };
  const watched = call(box, "watch", started.value);
  started.value.dispose();
  if (watched.error) return { error: failure(box, watched.error) };
  watched.value.dispose();
  const wrong = await settle(box);
  if (wrong) return { error: wrong };
  const size = Number(callForString(box, "size"));
  if (size > job.maxOutputChars) return { error: { kind: "output", size } };
  const report = callForString(box, "report");
  if (report === undefined) return { error: { kind: timedOut() ? "time" : "memory" } };
  return report.startsWith("=") ? { value: report.slice(1) } : { error: { kind: "guest", ...JSON.parse(report.slice(1)) } };
}

let ready = prepare();

process.on("message", async (job) => {
  let answer;
  let worn = false;
  const box = ready ?? prepare();
  ready = undefined;
  deadline = Date.now() + job.timeoutMs;
  try {
    answer = await run(box, job);
    // A job out of time can't be asked: any further call would be interrupted too.
    if (!timedOut()) answer.logs = callForString(box, "logs");
    deadline = Number.POSITIVE_INFINITY;
    box.guest.dispose();
    box.context.dispose();
    box.runtime.dispose();
  } catch {
    // An exception on the host's side leaves the engine in an unknown state: this process takes no further job.
    worn = true;
    answer = answer ?? { error: { kind: timedOut() ? "time" : "memory" } };
  }
  deadline = Number.POSITIVE_INFINITY;
  worn ||= memory.buffer.byteLength > WORN_BYTES;
  process.send({ id: job.id, worn, cpuMs: Math.round(process.cpuUsage().user / 1000), ...answer });
  // The next context is made while the parent is busy with the answer.
  if (!worn) {
    setImmediate(() => {
      try {
        ready ??= prepare();
      } catch {
        process.exit(1);
      }
    });
  }
});

process.on("disconnect", () => process.exit(0));
process.send({ ready: true });
