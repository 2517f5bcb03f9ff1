import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

const merged = (parameters: JsonObject, inputs = 2): Mapped => ({
  type: "merge",
  parameters,
  inputs: Array.from({ length: inputs }, (_, index) => `input${index + 1}`),
});

/** Merge 1–3.2. */
export const merge: NodeMapping = (source) => (source.version >= 2 ? current(source) : legacy(source));

function current(source: Source): Mapped {
  const mode = source.option("mode", { append: "append", combine: "combine", chooseBranch: "chooseBranch", combineBySql: "sql" }, "append");
  const wanted = source.version >= 3 ? Math.min(10, Math.max(2, source.fixedNumber("numberInputs", 2))) : 2;
  source.ignore("advanced", "chooseBranchMode");
  if (mode === "append") return merged({ mode, numberInputs: wanted }, wanted);
  if (mode === "chooseBranch") return chooseBranch(source, wanted);
  if (mode === "sql") {
    const query = source.text("query", "SELECT * FROM input1 LEFT JOIN input2 ON input1.name = input2.id");
    const emptyResult = source.option(
      "options.emptyQueryResult",
      { success: "success", empty: "empty" },
      source.version >= 3.2 ? "empty" : "success",
    );
    // Braces alone make it a template there.
    const template = query.includes("{{") && !query.startsWith("=") ? `=${query}` : query;
    return merged({ mode, numberInputs: wanted, query: template, emptyResult }, wanted);
  }
  const how = source.option(
    source.has("combineBy") ? "combineBy" : "combinationMode",
    {
      combineByFields: "combineByFields",
      mergeByFields: "combineByFields",
      combineByPosition: "combineByPosition",
      mergeByPosition: "combineByPosition",
      combineAll: "combineAll",
      multiplex: "combineAll",
    },
    "combineByFields",
  );
  const common = { mode: how, ...clashes(source) };
  if (how === "combineAll") return merged(common);
  if (how === "combineByPosition") {
    return merged({ ...common, numberInputs: wanted, includeUnpaired: source.flag("options.includeUnpaired") }, wanted);
  }
  return merged({
    ...common,
    matchFields: fieldsToMatch(source),
    joinMode: source.option(
      "joinMode",
      same("keepMatches", "keepNonMatches", "keepEverything", "enrichInput1", "enrichInput2"),
      "keepMatches",
    ),
    outputDataFrom: source.option("outputDataFrom", same("both", "input1", "input2"), "both"),
    multipleMatches: source.option("options.multipleMatches", same("all", "first"), "all"),
    fuzzyCompare: source.flag("options.fuzzyCompare"),
    dotNotation: !source.fixedFlag("options.disableDotNotation"),
  });
}

const same = <T extends string>(...names: T[]): Record<T, T> => Object.fromEntries(names.map((name) => [name, name])) as Record<T, T>;

function fieldsToMatch(source: Source): JsonObject[] {
  const names = source.text("fieldsToMatchString");
  const pairs = source.list("mergeByFields.values");
  if (pairs.length > 0 && (names === "" || source.get("advanced") === true)) {
    return pairs.map(({ field1, field2 }) => ({ field1: field1 ?? "", field2: field2 ?? "" }));
  }
  if (names.startsWith("=")) {
    source.missing("fieldsToMatchString", `is an expression (${names}); name the fields`);
    return [];
  }
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => ({ field1: name, field2: name }));
}

/** Without the option the node decides by its mode, here as there. */
function clashes(source: Source): JsonObject {
  const path = "options.clashHandling.values";
  if (!source.has(path)) return {};
  const given = source.value(path);
  const resolve = typeof given === "string" ? given : source.value(`${path}.resolveClash`, "preferLast");
  const clash: Json = resolve === "addSuffix" ? "addSuffix" : resolve === "preferInput1" ? "preferInput1" : "preferLast";
  if (!["addSuffix", "preferInput1", "preferInput2", "preferLast"].includes(String(resolve))) {
    source.changed(`${path}.resolveClash`, `"${String(resolve)}" has no counterpart; the last input's field is taken`);
  }
  return {
    clash,
    nested: source.option(`${path}.mergeMode`, { deepMerge: "deep", shallowMerge: "shallow" }, "deepMerge"),
    overrideEmpty: source.flag(`${path}.overrideEmpty`),
  };
}

function chooseBranch(source: Source, inputs: number): Mapped {
  if (source.version >= 3) {
    const empty = source.option("output", { specifiedInput: false, empty: true }, "specifiedInput");
    return merged(
      {
        mode: "chooseBranch",
        numberInputs: inputs,
        branch: source.fixedNumber("useDataOfInput", 1),
        branchOutput: empty ? "empty" : "input",
      },
      inputs,
    );
  }
  const output = source.option("output", { input1: 1, input2: 2, empty: 0 }, "input1");
  return merged({ mode: "chooseBranch", branch: output || 1, branchOutput: output === 0 ? "empty" : "input" });
}

/** Version 1: eight modes of which three choose by a key of each input. */
function legacy(source: Source): Mapped {
  const mode = source.option(
    "mode",
    same("append", "keepKeyMatches", "mergeByIndex", "mergeByKey", "multiplex", "passThrough", "removeKeyMatches", "wait"),
    "append",
  );
  const byKey = {
    mode: "combineByFields",
    matchFields: [{ field1: source.text("propertyName1"), field2: source.text("propertyName2") }],
    multipleMatches: "first",
    nested: "shallow",
  };
  switch (mode) {
    case "append":
      return merged({ mode });
    case "multiplex":
      return merged({ mode: "combineAll", nested: "shallow" });
    case "passThrough":
      return merged({ mode: "chooseBranch", branch: source.option("output", { input1: 1, input2: 2 }, "input1") });
    case "wait":
      return merged({ mode: "chooseBranch", branchOutput: "empty" });
    case "mergeByIndex": {
      const join = source.option("join", same("inner", "left", "outer"), "left");
      const unpairedFrom = join === "left" ? "input1" : "all";
      return merged({ mode: "combineByPosition", includeUnpaired: join !== "inner", unpairedFrom, nested: "shallow" });
    }
    case "mergeByKey": {
      const overwrite = source.option("overwrite", same("always", "blank", "undefined"), "always");
      return merged({
        ...byKey,
        joinMode: "enrichInput1",
        clash: overwrite === "always" ? "preferLast" : "preferInput1",
        overrideEmpty: overwrite === "blank",
      });
    }
    case "keepKeyMatches":
      return merged({ ...byKey, joinMode: "keepMatches", outputDataFrom: "input1" });
    case "removeKeyMatches":
      return merged({ ...byKey, joinMode: "keepNonMatches", outputDataFrom: "input1" });
  }
}
