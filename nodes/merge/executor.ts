import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { type CombineOptions, combine, type Placed, pairOf, suffixed } from "./combine-items";
import type { merge } from "./definition";
import { findMatches } from "./match-fields";
import { queryInputs } from "./query-inputs";

type Parameters = z.infer<typeof merge.parameters>;

/** Above this a combination of everything with everything fills the memory. */
const MAX_COMBINATIONS = 1_000_000;

export const execute: NodeExecutor<Parameters> = (context) => {
  const parameters = context.parameters(0);
  const inputs = context.inputs.map((items, input) => items.map((item, index): Placed => ({ item, input, index })));
  const [first = [], second = []] = inputs;
  switch (parameters.mode) {
    case "append":
      return [inputs.flat().map(passed)];
    case "combineByPosition":
      return [byPosition(inputs, parameters)];
    case "combineAll":
      if (first.length * second.length > MAX_COMBINATIONS) {
        throw new FatalError(`${first.length} × ${second.length} items make more than ${MAX_COMBINATIONS} combinations`);
      }
      return [first.flatMap((a) => second.map((b) => combine([a, b], optionsOf(parameters))))];
    case "combineByFields":
      return [byFields(first, second, parameters)];
    case "sql":
      return queryInputs(context, inputs, parameters).then((items) => [items]);
    case "chooseBranch": {
      if (parameters.branchOutput === "empty") return [[{ json: {}, pairedItem: inputs.flat().slice(0, 1).map(pairOf) }]];
      const chosen = inputs[parameters.branch - 1];
      if (!chosen) throw new ParameterError("branch", `there is no input ${parameters.branch}: the node has ${inputs.length}`);
      return [chosen.map(passed)];
    }
  }
};

const passed = (placed: Placed): Item => ({ ...placed.item, pairedItem: pairOf(placed) });

const optionsOf = ({ clash, nested, overrideEmpty, joinMode, mode }: Parameters): CombineOptions => {
  // Who enriches is who is preferred: in a right join that is input 1.
  const preferred = mode === "combineByFields" && joinMode === "enrichInput2" ? "preferInput1" : "preferLast";
  return { clash: clash === "auto" ? preferred : clash, nested, overrideEmpty };
};

function byPosition(inputs: readonly Placed[][], parameters: Parameters): Item[] {
  const lengths = inputs.map((items) => items.length);
  const most = parameters.unpairedFrom === "input1" ? (lengths[0] ?? 0) : Math.max(...lengths);
  const count = parameters.includeUnpaired ? most : Math.min(...lengths);
  const options = optionsOf(parameters);
  return Array.from({ length: count }, (_, index) =>
    combine(
      inputs.flatMap((items) => items[index] ?? []),
      options,
    ),
  );
}

function byFields(first: readonly Placed[], second: readonly Placed[], parameters: Parameters): Item[] {
  const pairs = parameters.matchFields
    .filter(({ field1, field2 }) => field1 !== "" || field2 !== "")
    .map((pair) => ({ ...pair, field1: pair.field1 || pair.field2 }));
  if (pairs.length === 0) throw new ParameterError("matchFields", "is empty: name at least one field to match the items by");
  const { matched, unmatched1, unmatched2 } = findMatches(first, second, pairs, parameters);
  const options = optionsOf(parameters);
  const merged = (): Item[] => matched.flatMap(({ entry, matches }) => matches.map((match) => combine([entry, match], options)));
  const alone = (list: readonly Placed[]): Item[] =>
    list.map((placed) => (options.clash === "addSuffix" ? { ...passed(placed), json: suffixed([placed]) } : passed(placed)));
  const { joinMode, outputDataFrom } = parameters;
  switch (joinMode) {
    case "keepMatches":
      if (outputDataFrom === "both") return merged();
      if (outputDataFrom === "input1") return matched.map(({ entry }) => passed(entry));
      return [...new Set(matched.flatMap(({ matches }) => matches))].map(passed);
    case "keepNonMatches":
      if (outputDataFrom === "both") return [...unmatched1, ...unmatched2].map(passed);
      return (outputDataFrom === "input1" ? unmatched1 : unmatched2).map(passed);
    case "keepEverything":
      return [...merged(), ...alone(unmatched1), ...alone(unmatched2)];
    case "enrichInput1":
      return [...merged(), ...alone(unmatched1)];
    case "enrichInput2":
      return [...merged(), ...alone(unmatched2)];
  }
}
