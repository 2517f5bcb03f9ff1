/**
 * A sandbox process: one QuickJS engine in WebAssembly. It runs under plain Node (no bundler, no TypeScript) and is started by
 * path, see pool.ts. The guest gets no host function at all: it is handed strings and asked for strings, so there is nothing in
 * its reach that leads out. The parent ends this process when in doubt.
 *
 * A fresh context for each job comes from a snapshot: the engine's whole memory, as it was once the context and its helpers were
 * made, is put back. That takes microseconds where making a context takes a millisecond, and nothing of an earlier job survives.
 */
import { randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import sync from "@jitl/quickjs-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant, newVariant } from "quickjs-emscripten-core";
import { GUEST_BOOTSTRAP, GUEST_SERVICES } from "./guest.mjs";

const PAGE = 65_536;
const maximumPages = Math.floor(Number(process.argv[2] ?? 134_217_728) / PAGE);
/** The engine's own limit lies below the memory's end, so that most programs that want too much get a catchable error. */
const engineLimit = Math.floor(maximumPages * PAGE * 0.75);
const STACK_BYTES = 128 * 1024;
/** Above this the memory, which never shrinks, is worth a new process. */
const WORN_BYTES = 64 * 1024 * 1024;
const MAX_SNAPSHOTS = 8;

const memory = new WebAssembly.Memory({ initial: 256, maximum: maximumPages });
const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(sync, { wasmMemory: memory }));

let deadline = Number.POSITIVE_INFINITY;
const timedOut = () => Date.now() > deadline;

const runtime = quickjs.newRuntime();
runtime.setMemoryLimit(engineLimit);
runtime.setMaxStackSize(STACK_BYTES);
const parent = process.ppid;
let interrupts = 0;
// A loop keeps the news of the parent's end from arriving: it is asked for now and then.
runtime.setInterruptHandler(() => timedOut() || (++interrupts % 500 === 0 && process.ppid !== parent));
const context = runtime.newContext();

/** Handles made before the first snapshot: they point to the same places in every later one. */
const services = {};
const started = context.evalCode(GUEST_BOOTSTRAP, "bootstrap.js");
if (started.error) throw new Error("The sandbox's own start-up code failed");
for (const name of GUEST_SERVICES) services[name] = context.getProp(started.value, name);

/** The memory's pages that hold anything. The engine takes no page beyond them for granted. */
function takeSnapshot() {
  const bytes = new Uint8Array(memory.buffer);
  const pages = [];
  for (let start = 0; start < bytes.length; start += PAGE) {
    const page = bytes.subarray(start, start + PAGE);
    if (page.some((byte) => byte !== 0)) pages.push({ start, bytes: page.slice() });
  }
  return pages;
}

function restore(snapshot) {
  const bytes = new Uint8Array(memory.buffer);
  for (const page of snapshot) bytes.set(page.bytes, page.start);
}

const base = takeSnapshot();
const withPrelude = new Map([["\n", base]]);

/** Libraries that a job may ask for: builds of theirs that need nothing of their surroundings. */
const LIBRARIES = JSON.parse(readFileSync(new URL("libraries.json", import.meta.url), "utf8"));

/** A library as the value of the global name that it goes by. */
function loadLibrary(name) {
  const code = readFileSync(new URL(`../../node_modules/${LIBRARIES[name]}`, import.meta.url), "utf8");
  load(
    `globalThis.${name} = (() => { const module = { exports: {} }; ((module, exports) => {${code}\n})(module, module.exports); return module.exports; })()`,
    name,
  );
}

/** A context with its helpers loaded: from a snapshot when these helpers were there before. */
function enter(libraries, helpers) {
  const prelude = `${libraries.join()}\n${helpers}`;
  const known = withPrelude.get(prelude);
  if (known) return restore(known);
  restore(base);
  for (const name of libraries) loadLibrary(name);
  load(helpers, "prelude");
  if (withPrelude.size >= MAX_SNAPSHOTS) {
    withPrelude.clear();
    withPrelude.set("\n", base);
  }
  withPrelude.set(prelude, takeSnapshot());
}

function load(code, name) {
  const loaded = context.evalCode(code, `${name}.js`);
  if (loaded.error) throw new Error(`The helpers in ${name} failed: ${ask("describe", loaded.error)}`);
  loaded.value.dispose();
}

// Handles of a job are not disposed of one by one: the next snapshot takes their memory back.

/** Calls one of the guest's service functions with strings or handles; a string, or undefined when it failed. */
function ask(name, ...args) {
  const result = tell(name, ...args);
  return !result.error && context.typeof(result.value) === "string" ? context.getString(result.value) : undefined;
}

const tell = (name, ...args) =>
  context.callFunction(
    services[name],
    context.undefined,
    ...args.map((value) => (typeof value === "string" ? context.newString(value) : value)),
  );

const exhausted = () => ({ kind: timedOut() ? "time" : "memory" });

function failure(error) {
  if (process.ppid !== parent) process.exit(0);
  const text = timedOut() ? undefined : ask("describe", error);
  return text === undefined ? exhausted() : { kind: "guest", ...JSON.parse(text) };
}

/** Answers to requests of the job that runs now, as they came in. */
let answers = [];
let current = null;
let wake = () => {};

/** Until the time has passed or an answer has come in. */
const pause = (ms) =>
  new Promise((resolve) => {
    if (answers.length > 0) return resolve();
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

/** Runs promise reactions, timers and requests until the job has settled; undefined when it has, else what went wrong. */
async function settle() {
  for (;;) {
    if (timedOut()) return { kind: "time" };
    const jobs = runtime.executePendingJobs(1000);
    if (jobs.error) return failure(jobs.error);
    if (jobs.value > 0) continue;
    const outgoing = ask("outgoing");
    if (outgoing === undefined) return exhausted();
    if (outgoing !== "") process.send({ id: current, requests: outgoing });
    const state = ask("state");
    if (state === "settled") return undefined;
    if (state === undefined) return exhausted();
    if (state === "stuck") return { kind: "stuck" };
    // Otherwise the milliseconds until the guest's next timer.
    await pause(Math.min(state === "waiting" ? Number.MAX_SAFE_INTEGER : Number(state), Math.max(0, deadline - Date.now()) + 1));
    if (timedOut()) return { kind: "time" };
    for (const answer of answers.splice(0)) {
      const answered = tell("answer", answer);
      if (answered.error) return failure(answered.error);
    }
    const fired = tell("fire");
    if (fired.error) return failure(fired.error);
  }
}

const seed = () => Array.from(randomFillSync(new Uint32Array(4))).join(",");

async function run(job) {
  enter(job.libraries, job.prelude);
  const loaded = tell("load", job.globals, seed(), job.network ? "network" : "");
  if (loaded.error) return { error: failure(loaded.error) };
  // On one line with the code's first line, so that the guest's line numbers are the author's.
  const begun = context.evalCode(`(async () => {${job.code}\n})()`, "code.js");
  if (begun.error) return { error: failure(begun.error) };
  const watched = tell("watch", begun.value);
  if (watched.error) return { error: failure(watched.error) };
  const wrong = await settle();
  if (wrong) return { error: wrong };
  const size = Number(ask("size"));
  if (size > job.maxOutputChars) return { error: { kind: "output", size } };
  const report = ask("report");
  if (report === undefined) return { error: exhausted() };
  return report.startsWith("=") ? { value: report.slice(1) } : { error: { kind: "guest", ...JSON.parse(report.slice(1)) } };
}

process.on("message", async (job) => {
  if (job.answer !== undefined) {
    // Of a job that has ended already: nobody waits for it.
    if (job.id !== current) return;
    answers.push(job.answer);
    return wake();
  }
  current = job.id;
  answers = [];
  let answer;
  let worn = false;
  deadline = Date.now() + job.timeoutMs;
  try {
    answer = await run(job);
    // A job out of time can't be asked: any further call would be interrupted too.
    if (!timedOut()) answer.logs = ask("logs");
  } catch {
    // An exception on the host's side leaves the engine's stack in an unknown state: this process takes no further job.
    worn = true;
    answer = { error: exhausted() };
  }
  deadline = Number.POSITIVE_INFINITY;
  current = null;
  worn ||= memory.buffer.byteLength > WORN_BYTES;
  process.send({ id: job.id, worn, cpuMs: Math.round(process.cpuUsage().user / 1000), ...answer });
});

process.on("disconnect", () => process.exit(0));
process.send({ ready: true });
