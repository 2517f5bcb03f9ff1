import { DATE_TIME_PRELUDE } from "./date-time-prelude";

/**
 * What user code finds around it, in plain JavaScript for the sandbox. `__begin` makes it out of `__data`, which the executor
 * gives; the item that `$json` and its like mean is the first one, or the current one where the code runs for each.
 */
const BASE = `
globalThis.__begin = () => {
  const data = globalThis.__data;
  delete globalThis.__data;
  delete globalThis.__begin;
  const startDates = globalThis.__dates;
  delete globalThis.__dates;
  if (data.zone) startDates(data.zone);
  const { items } = data;
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
  const nodeData = (name) => {
    const node = data.nodes[name];
    if (!node) {
      throw new Error(data.names.includes(name)
        ? "Node '" + name + "' hasn't been executed, or is not in this flow"
        : "$(...) needs the node's name written out as text: '" + name + "' was computed");
    }
    return {
      all: () => node.items,
      first: () => node.items[0],
      last: () => node.items[node.items.length - 1],
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
  globalThis.$items = (name) => (name === undefined ? items : nodeData(name).all());
  globalThis.$node = {};
  for (const name of data.names) {
    Object.defineProperty(globalThis.$node, name, { enumerable: true, get: () => {
      const node = nodeData(name);
      const found = node.all()[current] || node.first() || {};
      return { json: found.json, binary: found.binary, parameter: node.params, runIndex: 0 };
    } });
  }
  Object.assign(globalThis, data.globals);
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

/** The trusted part before the code; the same for every job, so that the sandbox loads it once. */
export const CODE_PRELUDE = BASE + DATE_TIME_PRELUDE;

/** The node's code as the sandbox runs it. On one line with its first line: line numbers stay the author's. */
export const wrapCode = (code: string, mode: "allItems" | "eachItem"): string =>
  mode === "eachItem" ? `return __begin()(async () => {${code}\n})` : `__begin();${code}`;

/** Whether code needs to know the flow's zone. */
export const usesDates = (code: string): boolean => /\$now|\$today|\bDateTime\b/.test(code);
