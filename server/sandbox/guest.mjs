import { GUEST_NETWORK } from "./guest-network.mjs";

/** Names of the functions that the bootstrap's value has. */
export const GUEST_SERVICES = ["load", "watch", "state", "fire", "size", "report", "describe", "logs", "outgoing", "answer"];

/**
 * What every job's context holds before any user code: console, timers, random numbers of its own (contexts come from one
 * snapshot: the engine's would repeat), and the service functions by which child.mjs talks to the guest. It keeps its own
 * references to what it needs, since user code may replace any global.
 */
export const GUEST_BOOTSTRAP = `(() => {
  "use strict";
  const { parse, stringify } = JSON;
  const { assign } = Object;
  const { apply } = Reflect;
  const PromiseOf = Promise, resolve = Promise.resolve, then = Promise.prototype.then;
  const ErrorOf = Error, StringOf = String, now = Date.now;
  const MAX_LOGS = 200, MAX_LOG_CHARS = 4000;
  const logs = [];
  const network = ${GUEST_NETWORK};
  let state = 0, output = "", timers = [], timerId = 0;

  const text = (value) => {
    if (typeof value === "string") return value;
    try {
      if (value instanceof ErrorOf) return value.name + ": " + value.message;
      const json = stringify(value);
      return json === undefined ? StringOf(value) : json;
    } catch { return "[unprintable]"; }
  };
  const logger = (level) => (...values) => {
    if (logs.length < MAX_LOGS) logs[logs.length] = { level, message: values.map(text).join(" ").slice(0, MAX_LOG_CHARS) };
  };
  const info = logger("info");
  globalThis.console = { log: info, info, debug: info, trace: info, table: info, dir: info, warn: logger("warn"), error: logger("error") };

  globalThis.setTimeout = (fn, ms = 0, ...args) => {
    const id = ++timerId;
    timers[timers.length] = { id, at: now() + (ms > 0 ? +ms : 0), run: () => apply(fn, undefined, args) };
    return id;
  };
  globalThis.clearTimeout = (id) => { timers = timers.filter((timer) => timer.id !== id); };
  globalThis.require = (name) => { throw new ErrorOf("require('" + name + "') is not possible: code runs in a sandbox without modules"); };

  // sfc32, two draws for the 53 bits of a number.
  let r0 = 0, r1 = 0, r2 = 0, r3 = 1;
  const draw = () => {
    const t = (((r0 + r1) | 0) + r3) | 0;
    r3 = (r3 + 1) | 0; r0 = r1 ^ (r1 >>> 9); r1 = (r2 + (r2 << 3)) | 0; r2 = (r2 << 21) | (r2 >>> 11); r2 = (r2 + t) | 0;
    return t >>> 0;
  };
  Math.random = function random() { return ((draw() >>> 5) * 67108864 + (draw() >>> 6)) / 9007199254740992; };

  const describe = (error) => {
    let name = "", message = "", stack = "";
    try {
      if (error instanceof ErrorOf) { name = StringOf(error.name); message = StringOf(error.message); stack = StringOf(error.stack); }
      else if (error && typeof error === "object" && typeof error.message === "string") message = error.message;
      else message = text(error);
    } catch { message = "The code threw a value that can't be read"; }
    return stringify({ name: name.slice(0, 200), message: message.slice(0, 4000), stack: stack.slice(0, 4000) });
  };

  return {
    load(json, seed, reaches) {
      if (reaches === "network") network.install();
      [r0, r1, r2] = seed.split(",").map((part) => Number(part) | 0);
      for (let i = 0; i < 12; i++) draw();
      assign(globalThis, parse(json));
    },
    watch(value) {
      apply(then, apply(resolve, PromiseOf, [value]), [
        (result) => {
          try { const json = stringify(result); output = "=" + (json === undefined ? "null" : json); }
          catch (error) { output = "!" + stringify({ name: "Error", message: "The result can't be turned into JSON: " + text(error), stack: "" }); }
          state = 1;
        },
        (error) => { output = "!" + describe(error); state = 1; },
      ]);
    },
    state() {
      if (state === 1) return "settled";
      if (timers.length === 0) return network.isWaiting() ? "waiting" : "stuck";
      let first = timers[0].at;
      for (const timer of timers) if (timer.at < first) first = timer.at;
      const wait = first - now();
      return StringOf(wait > 0 ? wait : 0);
    },
    fire() {
      const time = now();
      const due = timers.filter((timer) => timer.at <= time).sort((a, b) => a.at - b.at || a.id - b.id);
      timers = timers.filter((timer) => timer.at > time);
      for (const timer of due) timer.run();
    },
    size() { return StringOf(output.length); },
    report() { return output; },
    describe,
    logs() { return stringify(logs); },
    outgoing: network.outgoing,
    answer: network.answer,
  };
})()`;
