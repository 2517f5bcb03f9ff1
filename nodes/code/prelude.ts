import type { SandboxJob } from "@/flow/node/context";
import { PLATFORM_PRELUDE } from "./platform-prelude";

/**
 * What user code finds around it, in plain JavaScript for the sandbox. `__begin` makes it out of `__data`, which the executor
 * gives; the item that `$json` and its like mean is the first one, or the current one where the code runs for each.
 */
const BASE = `
globalThis.__begin = () => {
  const data = globalThis.__data;
  delete globalThis.__data;
  delete globalThis.__begin;
  const { items } = data;
  if (data.zone) {
    // Taken where luxon and the platform look zones up; see platform-prelude.ts.
    globalThis.__setZones(data.zone.offsets);
  }
  if (data.zone && data.zone.dates) {
    const { DateTime, Duration, Interval, Settings } = luxon;
    Settings.defaultZone = data.zone.name;
    Settings.defaultLocale = "en-US";
    const now = DateTime.fromMillis(data.zone.now);
    Object.assign(globalThis, { DateTime, Duration, Interval, $now: now, $today: now.startOf("day") });
  }
  delete globalThis.__setZones;
  if (globalThis.jmespath) {
    const { search } = globalThis.jmespath;
    globalThis.$jmespath = globalThis.$jmesPath = (value, query) => search(value, query);
    delete globalThis.jmespath;
  }
  let current = 0;
  const define = (name, get) => Object.defineProperty(globalThis, name, {
    configurable: true, enumerable: true, get,
    set(value) { Object.defineProperty(globalThis, name, { value, writable: true, configurable: true }); },
  });
  const pairedWith = (name, index) => {
    const entry = data.paired[name] && data.paired[name][index];
    if (!entry) throw new Error("$('" + name + "') has no item that item " + index + " was made from");
    if (entry.error !== undefined) throw new Error(entry.error);
    return entry.item;
  };
  const itemsOf = (name, node, output, run) => {
    if (output === undefined && run === undefined) return node.items;
    const chosen = data.selected[name] && data.selected[name][run === undefined ? String(output) : (output ?? 0) + "," + run];
    if (!chosen) throw new Error("Run " + run + " of node '" + name + "' not found");
    if (chosen.error !== undefined) throw new Error(chosen.error);
    return chosen;
  };
  const nodeData = (name) => {
    const node = data.nodes[name];
    if (!node) {
      throw new Error(data.names.includes(name)
        ? "Node '" + name + "' hasn't been executed, or is not in this flow"
        : "$(...) needs the node's name written out as text: '" + name + "' was computed");
    }
    return {
      all: (output, run) => itemsOf(name, node, output, run),
      first: (output, run) => itemsOf(name, node, output, run)[0],
      last: (output, run) => itemsOf(name, node, output, run).at(-1),
      get item() { return pairedWith(name, current); },
      itemMatching: (index) => pairedWith(name, index),
      pairedItem: (index = current) => pairedWith(name, index),
      params: node.parameters,
      isExecuted: true,
    };
  };
  const input = {
    all: () => items,
    first: () => items[0],
    last: () => items[items.length - 1],
    get item() { return items[current]; },
    params: data.parameters,
    context: {},
  };
  globalThis.items = items;
  globalThis.$input = input;
  define("item", () => items[current]);
  define("$json", () => items[current] && items[current].json);
  define("$binary", () => (items[current] && items[current].binary) || {});
  define("$itemIndex", () => current);
  globalThis.$ = (name) => {
    if (data.nodes[name] === undefined && data.names.includes(name)) return { isExecuted: false, get item() { return nodeData(name); }, all: () => nodeData(name), first: () => nodeData(name), last: () => nodeData(name) };
    return nodeData(name);
  };
  globalThis.$items = (name, output, run) => (name === undefined ? items : nodeData(name).all(output, run));
  globalThis.$node = {};
  for (const name of data.names) {
    Object.defineProperty(globalThis.$node, name, { enumerable: true, get: () => {
      const node = nodeData(name);
      const found = node.all()[current] || node.first() || {};
      return { json: found.json, binary: found.binary, parameter: node.params, runIndex: 0 };
    } });
  }
  globalThis.$item = (index) => ({ get $json() { return items[index] && items[index].json; }, get $node() { return new Proxy({}, { get: (_, name) => { const list = nodeData(name).all(); const item = list[index] || list[0] || {}; return { json: item.json, binary: item.binary }; } }); } });
  Object.assign(globalThis, data.globals);
  if (data.context) {
    const entry = (type, write) => (message, extra) => {
      if (extra === undefined) write(message);
      else write(message, extra);
      return { type, message, data: extra, timestamp: new Date().toISOString() };
    };
    const utils = { log: entry("log", console.log), warn: entry("warn", console.warn), error: entry("error", console.error) };
    globalThis.context = Object.assign(data.context, { utils });
  }
  if (data.files) {
    const fileAt = (index, name) => {
      const content = data.files[index] && data.files[index][name];
      if (content === undefined) throw new Error("item " + index + ' has no file "' + name + '"');
      return content;
    };
    // Where code may reach hosts, helpers for that are there already.
    const network = globalThis.helpers;
    globalThis.helpers = {
      getBinaryDataBuffer: async (index, name) => Buffer.from(fileAt(index, name), "base64"),
      prepareBinaryData: async (bytes, fileName, mimeType = "application/octet-stream") => {
        const buffer = Buffer.from(bytes);
        const extension = (fileName || "").split(".").slice(1).pop();
        return {
          mimeType,
          ...(fileName !== undefined && { fileName }),
          ...(extension && { fileExtension: extension }),
          fileSize: buffer.length,
          data: buffer.toString("base64"),
        };
      },
      httpRequest: async () => { throw new Error("this.helpers.httpRequest() is not possible: the code's sandbox has no network. Use an HTTP Request node"); },
      ...network,
    };
    helpers.request = helpers.request || helpers.httpRequest;
    helpers.httpRequestWithAuthentication = helpers.httpRequestWithAuthentication || helpers.httpRequest;
    globalThis.$helpers = helpers;
  }
  const custom = globalThis.__custom;
  delete globalThis.__custom;
  if (custom) {
    const set = (key, value) => {
      if (!/^[A-Za-z0-9_]+$/.test(String(key))) throw new Error("$execution.customData.set(): the name " + JSON.stringify(key) + " may have letters, digits and _ only");
      if (value === undefined || value === null) throw new Error("$execution.customData.set(): " + key + " has no value");
      custom.changed[String(key).slice(0, 50)] = (typeof value === "object" ? JSON.stringify(value) : String(value)).slice(0, 512);
    };
    const all = () => ({ ...custom.before, ...custom.changed });
    globalThis.$execution.customData = {
      set,
      setAll: (values) => { for (const key of Object.keys(values)) set(key, values[key]); },
      get: (key) => all()[key],
      getAll: all,
    };
  }
  const lineOf = (error) => { const found = /code\\.js:(\\d+)/.exec(String(error && error.stack)); return found && data.lines ? "line " + found[1] + ", " : ""; };
  return async (work) => {
    const results = [];
    for (current = 0; current < items.length; current++) {
      try {
        const value = await work();
        results.push({ value: value === undefined ? null : value, missing: value === undefined });
      } catch (error) {
        const isError = error instanceof Error;
        const kind = isError && error.name !== "Error" ? error.name + ": " : "";
        const message = kind + String(isError ? error.message : error) + " [" + lineOf(error) + "for item " + current + "]";
        if (!data.continueOnFail) { const wrapped = new Error(message); wrapped.stack = ""; throw wrapped; }
        results.push({ error: message });
      }
    }
    return results;
  };
};
`;

/** What must be there for code that mentions any of it. */
const PLATFORM =
  /\b(?:Buffer|helpers|URL|URLSearchParams|atob|btoa|TextEncoder|TextDecoder|crypto|structuredClone|Intl|toLocale\w+|localeCompare)\b/;
const DATES = /\$now|\$today|\b(?:DateTime|Duration|Interval|luxon)\b/;
const JMESPATH = /\$jmes[pP]ath\b/;

/** Whether code needs to know time zones. */
export const usesDates = (code: string): boolean => DATES.test(code);
/** Whether code writes dates or numbers as people read them, for which it may name zones. */
export const usesPlatform = (code: string): boolean => PLATFORM.test(code);

/** Whether code reads or makes files by n8n's helpers. */
export const usesHelpers = (code: string): boolean => /\bhelpers\b/.test(code);

/** Whether code keeps something from one execution to the next. */
export const usesStaticData = (code: string): boolean => /\bgetWorkflowStaticData\b|\$getWorkflowStaticData\b/.test(code);

/** Whether code reads or sets what the execution says of itself. */
export const usesCustomData = (code: string): boolean => /\bcustomData\b/.test(code);

/** Objects that code changes in place come back beside what it returns. */
const KEPT = `
globalThis.__keep = async (work) => {
  const kept = globalThis.__static;
  const custom = globalThis.__custom && { before: globalThis.__custom, changed: {} };
  globalThis.__custom = custom;
  delete globalThis.__static;
  delete globalThis.__keep;
  if (kept) {
    const read = (of) => {
      if (of !== "global" && of !== "node") throw new Error("$getWorkflowStaticData(): say whose data it is, 'global' or 'node'");
      return kept[of];
    };
    globalThis.$getWorkflowStaticData = read;
    globalThis.getWorkflowStaticData = read;
  }
  const value = await work();
  return { value: value === undefined ? null : value, ...(kept && { staticData: kept }), ...(custom && { customData: custom.changed }) };
};
`;

const keepsSomething = (code: string): boolean => usesStaticData(code) || usesCustomData(code);

/** The trusted part before the code: one of a few texts, so that the sandbox loads each once. */
export function codePrelude(code: string): Required<Pick<SandboxJob, "prelude" | "libraries">> {
  const dates = usesDates(code);
  return {
    prelude: (dates || usesPlatform(code) ? PLATFORM_PRELUDE + BASE : BASE) + (keepsSomething(code) ? KEPT : ""),
    libraries: [...(dates ? (["luxon"] as const) : []), ...(JMESPATH.test(code) ? (["jmespath"] as const) : [])],
  };
}

/** The node's code as the sandbox runs it. On one line with its first line: line numbers stay the author's. */
export function wrapCode(code: string, mode: "allItems" | "eachItem"): string {
  const wrapped = mode === "eachItem" ? `return __begin()(async () => {${code}\n})` : `__begin();${code}`;
  return keepsSomething(code) ? `return __keep(async () => {${wrapped}\n})` : wrapped;
}
