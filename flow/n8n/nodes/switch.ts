import type { Json, JsonObject } from "../../item";
import { conditionsOf, LEGACY_OPTIONS, legacyCondition, NEVER } from "../conditions";
import type { Mapped, NodeMapping, Source } from "../source";

const MAX_OUTPUTS = 50;

const handles = (count: number): string[] => Array.from({ length: Math.min(MAX_OUTPUTS, count) }, (_, index) => `output${index + 1}`);

/** Switch 1–3.2. */
export const switchNode: NodeMapping = (source) => {
  if (source.option("mode", { rules: "rules", expression: "expression" }, "rules") === "expression") return byExpression(source);
  return source.version >= 3 ? byRules(source) : byLegacyRules(source);
};

function byExpression(source: Source): Mapped {
  const count =
    source.version >= 3 ? source.fixedNumber("numberOutputs", 4) : source.version >= 2 ? source.fixedNumber("outputsAmount", 4) : 4;
  const parameters = { mode: "expression", numberOutputs: count, output: source.number("output", 0) };
  return { type: "switch", parameters, outputs: handles(count) };
}

function byRules(source: Source): Mapped {
  const ignoreCase = source.fixedFlag("options.ignoreCase");
  const loose = source.fixedFlag("looseTypeValidation") || source.fixedFlag("options.looseTypeValidation");
  const listed = source.has("rules.values") ? source.list("rules.values") : source.list("rules.rules");
  // An export without rules has the one that a new node begins with: two empty texts are equal.
  const given = source.has("rules") ? listed : [UNTOUCHED_RULE];
  const rules = given.map(({ conditions, renameOutput, outputKey }): JsonObject => {
    const renamed = renameOutput === true && typeof outputKey === "string";
    return { conditions: conditionsOf(conditions, ignoreCase, loose), ...(renamed && { renameOutput, outputName: outputKey }) };
  });
  const fallback = fallbackOf(source, source.get("options.fallbackOutput"), rules.length);
  const name = source.text("options.renameFallbackOutput");
  return {
    type: "switch",
    parameters: {
      mode: "rules",
      rules,
      ...fallback,
      ...(name !== "" && { fallbackName: name }),
      allMatching: source.flag("options.allMatchingOutputs"),
    },
    outputs: [...handles(rules.length), ...(fallback.fallback === "extra" ? ["fallback"] : [])],
  };
}

const UNTOUCHED_RULE: JsonObject = {
  conditions: { conditions: [{ leftValue: "", rightValue: "", operator: { type: "string", operation: "equals" } }] },
};

function fallbackOf(source: Source, value: Json | undefined, count: number): JsonObject {
  if (value === undefined || value === null || value === "none" || value === "" || Number(value) === -1) return { fallback: "none" };
  if (value === "extra") return { fallback: "extra" };
  const output = Number(value);
  if (Number.isInteger(output) && output >= 0 && output < count) return { fallback: "output", fallbackOutput: output };
  source.missing("fallbackOutput", `${JSON.stringify(value)} is none of the outputs; items that meet no rule are dropped`);
  return { fallback: "none" };
}

/** Versions 1 and 2: all rules look at one value, and each names its output. */
function byLegacyRules(source: Source): Mapped {
  const type = source.option("dataType", { number: "number", string: "string", boolean: "boolean", dateTime: "dateTime" }, "number");
  const value1 = source.value("value1", type === "boolean" ? false : type === "number" ? 0 : "");
  const given = source.list("rules.rules");
  const wanted = given.map((rule, index) => (typeof rule.output === "number" ? rule.output : source.version >= 2 ? index : 0));
  const targets = wanted.map((target) => Math.min(MAX_OUTPUTS - 1, Math.max(0, Math.trunc(target))));
  const fallback = source.get("fallbackOutput");
  const highest = targets.reduce((most, target) => Math.max(most, target), Number(fallback) || 0);
  const count = Math.min(MAX_OUTPUTS, Math.max(source.version >= 2 ? 0 : 4, highest + 1));
  const rules = Array.from({ length: count }, (_, output): JsonObject => {
    const conditions = given.flatMap((rule, index) =>
      targets[index] === output ? (legacyCondition(source, `rules.rules[${index}]`, type, "equal", { ...rule, value1 }) ?? []) : [],
    );
    const name = given.find(
      (rule, index) => targets[index] === output && typeof rule.outputKey === "string" && rule.outputKey !== "",
    )?.outputKey;
    return {
      conditions: { combinator: "or", conditions: conditions.length > 0 ? conditions : [NEVER], options: LEGACY_OPTIONS },
      ...(typeof name === "string" && { renameOutput: true, outputName: name }),
    };
  });
  if (targets.some((target, index) => index > 0 && target < (targets[index - 1] ?? 0))) {
    source.changed("rules", "the rules are tried output by output here: an item that meets several may leave at another one");
  }
  return { type: "switch", parameters: { mode: "rules", rules, ...fallbackOf(source, fallback, count) }, outputs: handles(count) };
}
