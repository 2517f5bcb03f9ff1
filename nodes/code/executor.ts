import { DateTime, IANAZone } from "luxon";
import type { z } from "zod";
import { isCancelled, isRetriable, toStepError } from "@/flow/execution/errors";
import { codeReferences, pythonReferences } from "@/flow/expression/references";
import { toJson } from "@/flow/expression/to-json";
import type { Item, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor, SandboxJob, SandboxLanguage, SandboxResult } from "@/flow/node/context";
import { detectLanguage } from "@/flow/steps/detect-language";
import { stepsRead } from "@/flow/steps/step-code";
import { keepCustomData } from "./custom-data";
import type { code } from "./definition";
import { itemsFromAll, itemsFromEach } from "./normalize-result";
import { codePrelude, usesCustomData, usesDates, usesHelpers, usesPlatform, usesStaticData, wrapCode } from "./prelude";
import { PYTHON_PRELUDE } from "./python-prelude";
import { scriptErrorText } from "./script-error-text";
import { assertKeepsNothing, sessionItem, sessionItems } from "./session";
import { keepStaticData, readStaticData } from "./static-data";
import { compiledGlobals, readsContext, stepContext, stepNames } from "./step-context";
import { zoneOffsets } from "./zone-offsets";

type Parameters = z.infer<typeof code.parameters>;
type Context = NodeContext<Parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  const parameters = context.parameters(0);
  const { mode, timeoutSeconds, wait } = parameters;
  if (wait === "result") {
    return sessionItems(context, (logs) => report(context, logs)).then(
      (items) => [items],
      (error: unknown) => failed(context, error, false),
    );
  }
  const language = parameters.language === "auto" ? detectLanguage(parameters.code) : parameters.language;
  const { globals, knownFiles } = await globalsFor(context, parameters, language);
  const each = mode === "eachItem";
  const scripted = language === "javascript" || language === "typescript";
  const kept = scripted && usesStaticData(parameters.code) ? await readStaticData(context) : undefined;
  const custom = scripted && usesCustomData(parameters.code) ? await context.customData.read() : undefined;
  try {
    assertKeepsNothing(wait === "start" && parameters.runIn === "daytona" && (kept !== undefined || custom !== undefined));
    const began = performance.now();
    const result = await context.sandbox.run(
      {
        language,
        code: scripted ? wrapCode(parameters.code, mode) : parameters.code,
        globals: { ...globals, ...(kept && { __static: kept }), ...(custom && { __custom: { ...custom } }) },
        ...(scripted ? codePrelude(parameters.code) : language === "python" && { prelude: PYTHON_PRELUDE }),
        timeoutMs: timeoutSeconds * 1000,
        ...placeOf(parameters),
        ...(wait === "start" && { organizationId: context.execution.organizationId }),
      },
      context.signal,
    );
    if (result.sessionId !== undefined) return [[sessionItem(result.sessionId, performance.now() - began)]];
    report(context, result.logs);
    let { value } = result;
    if (kept) await keepStaticData(context, kept, value);
    if (custom) await keepCustomData(context, custom, value);
    if (kept || custom) value = (value as JsonObject).value ?? null;
    return [each ? itemsFromEach(value, knownFiles) : itemsFromAll(value, knownFiles)];
  } catch (error) {
    return failed(context, error, scripted);
  }
};

function failed(context: Context, error: unknown, scripted: boolean): Item[][] {
  // What the code printed before it failed is what its author looks for.
  report(context, (error as { logs?: SandboxResult["logs"] }).logs ?? []);
  if (!context.continueOnFail || isCancelled(error)) throw error;
  const failure = toStepError(error);
  if (!context.lastAttempt && isRetriable(failure)) throw error;
  // The code is about all items: so is its error.
  return [[{ json: { error: scripted ? scriptErrorText(failure.message) : failure.message }, error: failure }]];
}

const placeOf = ({ runIn, wait, pollInterval, maxPollAttempts }: Parameters): Pick<SandboxJob, "runIn" | "wait"> => ({
  ...(runIn !== "auto" && { runIn }),
  ...(wait === "start" && { wait: "none" as const }),
  ...(wait === "async" && { wait: { pollIntervalMs: pollInterval, maxPollAttempts } }),
});

function report(context: Context, logs: SandboxResult["logs"]): void {
  for (const { level, message } of logs) context.log(level, message);
}

const references = new Map<string, string[]>();

/** Names of the nodes that code reads. Remembered: a flow runs the same code over and over. */
function namesIn(source: string, language: SandboxLanguage): string[] {
  if (language === "go" || language === "rust") return [];
  const key = `${language}:${source}`;
  const known = references.get(key);
  if (known) return known;
  const names = (language === "python" ? pythonReferences(source) : codeReferences(source)).nodes;
  if (references.size >= 500) references.clear();
  references.set(key, names);
  return names;
}

/** Copies of everything that the code may read, and the stored files among it. */
async function globalsFor(
  context: Context,
  parameters: Parameters,
  language: SandboxLanguage,
): Promise<{ globals: JsonObject; knownFiles: Set<string> }> {
  const source = parameters.code;
  const python = language === "python";
  const compiled = language === "go" || language === "rust";
  const names = namesIn(source, language);
  const read = readsContext(source, language) ? stepsRead(source, stepNames(context)) : [];
  const scope = await context.scopeData([...new Set([...names, ...read])]);
  // Lineage of what goes out is that of what came in, where the code hands an item on.
  const items = context.items.map(({ json, binary }, index): Item => ({ json, ...(binary && { binary }), pairedItem: { item: index } }));
  const evaluated = (name: string): JsonObject => (toJson(context.evaluate(`={{ ${name} }}`, 0)) ?? {}) as JsonObject;
  const surroundings = readsContext(source, language) ? await stepContext(context, scope, read) : null;
  if (compiled) return { globals: compiledGlobals(context, parameters.mode, surroundings), knownFiles: new Set() };
  const mentions = (name: string): boolean => source.includes(python ? name.replace("$", "_") : name);
  const data = {
    items,
    nodes: scope.nodes,
    names,
    paired: /\.\s*(item|itemMatching|pairedItem)\b/.test(source)
      ? Object.fromEntries(names.map((name) => [name, pairedItems(context, name)]))
      : {},
    selected: selectedItems(context, source, scope.runIndex),
    parameters: source.includes(".params") ? evaluated("$input.params") : {},
    continueOnFail: context.continueOnFail,
    each: parameters.mode === "eachItem",
    lines: language === "javascript",
    context: surroundings,
    files: !python && usesHelpers(source) ? await filesFor(context, source) : null,
    zone: python ? instant(scope.timezone, Date.parse(scope.now)) : zone(source, scope.timezone, Date.parse(scope.now)),
    globals: {
      $runIndex: scope.runIndex,
      $workflow: scope.workflow,
      $execution: scope.execution,
      $prevNode: scope.prevNode,
      ...(mentions("$parameter") && { $parameter: evaluated("$parameter") }),
      ...(mentions("$nodeVersion") && { $nodeVersion: toJson(context.evaluate("={{ $nodeVersion }}", 0)) ?? null }),
      variables: scope.variables,
      ...(mentions("$vars") && { $vars: evaluated("$vars") }),
      ...(mentions("$env") && { $env: evaluated("$env") }),
      ...(mentions("$mode") && { $mode: toJson(context.evaluate("={{ $mode }}", 0)) ?? null }),
      ...(mentions("trigger") && { trigger: evaluated("trigger") }),
      ...(mentions("steps") && { steps: Object.fromEntries(names.map((name) => [name, evaluated(`steps[${JSON.stringify(name)}]`)])) }),
    },
  };
  const knownFiles = new Set<string>();
  for (const list of [items, ...Object.values(scope.nodes).map((node) => node.items)]) collectFiles(list, knownFiles);
  return { globals: { __data: data as unknown as JsonObject }, knownFiles };
}

/** Content of the items' files (base64) by item and name, for code that asks for it. */
async function filesFor(context: Context, source: string): Promise<Record<string, string>[]> {
  if (!/\bgetBinaryDataBuffer\b/.test(source)) return [];
  return Promise.all(
    context.items.map(async ({ binary = {} }) => {
      const files = Object.entries(binary).map(
        async ([name, file]) => [name, file.data ?? Buffer.from(await context.readBinary(file)).toString("base64")] as const,
      );
      return Object.fromEntries(await Promise.all(files));
    }),
  );
}

/** Zones that code can compute with: the flow's, and those that it names. Null where it computes with none. */
function zone(source: string, name: string, now: number): JsonObject | null {
  if (!usesDates(source) && !usesPlatform(source)) return null;
  const named = [...source.matchAll(/["'`]([A-Z][A-Za-z]+\/[A-Za-z_/+-]+\d*)["'`]/g)].map(([, zoneName = ""]) => zoneName).slice(0, 20);
  const known = [...new Set([name, ...named])].filter((zoneName) => IANAZone.isValidZone(zoneName));
  const offsets = Object.fromEntries(known.map((zoneName) => [zoneName, zoneOffsets(zoneName, now)]));
  return { name, now, offsets, dates: usesDates(source) };
}

const instant = (name: string, now: number): JsonObject => ({ now, offset: DateTime.fromMillis(now, { zone: name }).offset });

/** For every item of this node the item of another node that it was made from, or why there is none. */
function pairedItems(context: Context, name: string): JsonObject[] {
  return context.items.map((_, index): JsonObject => {
    try {
      return { item: toJson(context.evaluate(`={{ $(${JSON.stringify(name)}).item }}`, index)) ?? null };
    } catch (error) {
      return { error: toStepError(error).message };
    }
  });
}

/** `$('Node').all(output, run)` and `$items("Node", output, run)`. */
const SELECTION = /\$(?:items)?\(\s*(["'`])((?:(?!\1).)+)\1\s*(?:\)\s*\.\s*(?:all|first|last)\(([^()]+)\)|,([^()]+)\))/g;
const MAX_OUTPUTS = 10;
const MAX_RUNS = 1000;

/** Items of chosen outputs and runs, by node and by what chooses them: all runs where the code computes which one it wants. */
function selectedItems(context: Context, source: string, runIndex: number): JsonObject {
  const selected: Record<string, JsonObject> = {};
  const select = (name: string, chosen: readonly number[]): boolean => {
    const found = selected[name] ?? {};
    selected[name] = found;
    const key = chosen.join();
    try {
      found[key] ??= toJson(context.evaluate(`={{ $items(${[JSON.stringify(name), ...chosen].join(", ")}) }}`, 0)) ?? [];
      return true;
    } catch (error) {
      found[key] = { error: toStepError(error).message };
      return false;
    }
  };
  for (const [, , name = "", first, second] of source.matchAll(SELECTION)) {
    const [output, run] = (first ?? second ?? "").split(",").map((part) => {
      const text = part.trim();
      return text === "$runIndex" ? runIndex : /^(?:undefined|null)$/.test(text) ? 0 : Number(text === "" ? Number.NaN : text);
    });
    const outputs = Number.isInteger(output) ? [output as number] : Array.from({ length: MAX_OUTPUTS }, (_, index) => index);
    if (run === undefined || Number.isInteger(run)) {
      for (const each of outputs) select(name, run === undefined ? [each] : [each, run]);
    } else {
      for (const each of outputs) for (let at = 0; at < MAX_RUNS && select(name, [each, at]); at++);
    }
  }
  return selected;
}

function collectFiles(items: readonly Item[], found: Set<string>): void {
  for (const item of items) {
    for (const file of Object.values(item.binary ?? {})) if (file.id !== undefined) found.add(file.id);
  }
}
