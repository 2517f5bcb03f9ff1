import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

const dots = (source: Source): boolean => !source.fixedFlag("options.disableDotNotation");

/** Names of fields: a text with commas, or, in Item Lists 1 and 2, a list of entries. */
function names(source: Source, path: string, list = "fields.fieldName"): string {
  const value = source.value(path, "");
  if (typeof value === "string") return value;
  const [key = "", name = ""] = list.split(".");
  return source
    .list(`${path}.${key}`)
    .map((entry) => String(entry[name] ?? ""))
    .filter((entry) => entry !== "")
    .join(",");
}

const OTHER_FIELDS = { noOtherFields: "noOtherFields", allOtherFields: "allOtherFields", selectedOtherFields: "selectedOtherFields" };

/** Split Out 1. */
export const splitOut: NodeMapping = (source) => ({
  type: "split-out",
  parameters: {
    fieldToSplitOut: source.text("fieldToSplitOut"),
    include: source.option("include", OTHER_FIELDS, "noOtherFields"),
    fieldsToInclude: names(source, "fieldsToInclude"),
    destinationFieldName: source.text("options.destinationFieldName"),
    dotNotation: dots(source),
    includeBinary: source.flag("options.includeBinary"),
  },
});

const INCLUDE = { allFields: "allFields", specifiedFields: "specifiedFields", allFieldsExcept: "allFieldsExcept" };
const AGGREGATE = { aggregateIndividualFields: "aggregateIndividualFields", aggregateAllItemData: "aggregateAllItemData" };

/** Aggregate 1. */
export const aggregate: NodeMapping = (source) => ({
  type: "aggregate",
  parameters: {
    aggregate: source.option("aggregate", AGGREGATE, "aggregateIndividualFields"),
    fieldsToAggregate: source.list("fieldsToAggregate.fieldToAggregate").map(
      ({ fieldToAggregate, renameField, outputFieldName }): JsonObject => ({
        fieldToAggregate: fieldToAggregate ?? "",
        renameField: renameField ?? false,
        outputFieldName: outputFieldName ?? "",
      }),
    ),
    destinationFieldName: source.text("destinationFieldName", "data"),
    include: source.option("include", INCLUDE, "allFields"),
    fieldsToInclude: names(source, "fieldsToInclude"),
    fieldsToExclude: names(source, "fieldsToExclude"),
    mergeLists: source.flag("options.mergeLists"),
    keepMissing: source.flag("options.keepMissing"),
    dotNotation: dots(source),
    includeBinaries: source.flag("options.includeBinaries"),
    keepOnlyUnique: source.flag("options.keepOnlyUnique"),
  },
});

/** Sort 1. */
export const sort: NodeMapping = (source) => ({
  type: "sort",
  parameters: {
    type: source.option("type", { simple: "simple", random: "random", code: "code" }, "simple"),
    sortFields: source
      .list("sortFieldsUi.sortField")
      .map(({ fieldName, order }): JsonObject => ({ fieldName: fieldName ?? "", order: order ?? "ascending" })),
    ...(source.has("code") && { code: source.text("code") }),
    dotNotation: dots(source),
  },
});

const COMPARE = { allFields: "allFields", allFieldsExcept: "allFieldsExcept", selectedFields: "selectedFields" };

/** Within the items that came in: all that the node did before version 2, and as an operation of Item Lists. */
const withinInput: NodeMapping = (source) => ({
  type: "remove-duplicates",
  parameters: {
    compare: source.option("compare", COMPARE, "allFields"),
    fieldsToExclude: names(source, "fieldsToExclude"),
    fieldsToCompare: names(source, "fieldsToCompare"),
    removeOtherFields: source.flag("options.removeOtherFields"),
    dotNotation: dots(source),
  },
});

/** Remove Duplicates 1–2. */
export const removeDuplicates: NodeMapping = (source): Mapped => {
  const operation = source.version >= 2 ? source.text("operation", "removeDuplicateInputItems") : "removeDuplicateInputItems";
  const mapped = withinInput(source);
  if (operation === "removeItemsSeenInPreviousExecutions") return seenBefore(source);
  if (operation === "clearDeduplicationHistory") {
    source.ignore("mode");
    return { ...mapped, parameters: { operation: "clear", scope: scopeOfHistory(source) } };
  }
  return operation === "removeDuplicateInputItems"
    ? mapped
    : { ...mapped, placeholder: `has the operation "${operation}", which has no counterpart` };
};

const scopeOfHistory = (source: Source): string => source.option("options.scope", { node: "node", workflow: "flow" }, "node");

const LOGIC = {
  removeItemsWithAlreadySeenKeyValues: "new",
  removeItemsUpToStoredIncrementalKey: "higher",
  removeItemsUpToStoredDate: "later",
};
const VALUES: Readonly<Record<string, string>> = { new: "dedupeValue", higher: "incrementalDedupeValue", later: "dateDedupeValue" };

function seenBefore(source: Source): Mapped {
  const keepWhere = source.option("logic", LOGIC, "removeItemsWithAlreadySeenKeyValues");
  source.ignore(...Object.values(VALUES));
  const historySize = source.number("options.historySize", 10_000);
  if (typeof historySize === "number" && historySize > 50_000)
    source.changed("options.historySize", "the last 50000 values are remembered");
  return {
    type: "remove-duplicates",
    parameters: {
      operation: "earlier",
      keepWhere,
      value: source.value(VALUES[keepWhere] ?? "", ""),
      historySize: typeof historySize === "number" ? Math.min(Math.max(1, historySize), 50_000) : historySize,
      scope: scopeOfHistory(source),
    },
    outputs: ["main", "discarded"],
  };
}

/** What values are put together with, by its name in the form. */
const separator = (source: Source, { separateBy, customSeparator }: JsonObject): Json => {
  if (separateBy === "other") return customSeparator ?? "";
  if (separateBy === undefined) return ",";
  if (typeof separateBy !== "string") source.missing("fieldsToSummarize", `the separator ${JSON.stringify(separateBy)} is no text`);
  return separateBy;
};

const FORMATS = { separateItems: "separateItems", singleItem: "singleItem" };

/** Summarize 1–1.1. */
export const summarize: NodeMapping = (source) => ({
  type: "summarize",
  parameters: {
    fieldsToSummarize: source.list("fieldsToSummarize.values").map(
      (entry): JsonObject => ({
        aggregation: entry.aggregation ?? "count",
        field: entry.field ?? "",
        includeEmpty: entry.includeEmpty ?? false,
        separateBy: separator(source, entry),
      }),
    ),
    fieldsToSplitBy: names(source, "fieldsToSplitBy"),
    outputFormat: source.option("options.outputFormat", FORMATS, "separateItems"),
    continueIfFieldNotFound: source.flag("options.continueIfFieldNotFound"),
    skipEmptySplitFields: source.flag("options.skipEmptySplitFields"),
    dotNotation: dots(source),
  },
});

/** Rename Keys 1. */
export const renameKeys: NodeMapping = (source) => ({
  type: "rename-keys",
  parameters: {
    keys: source.list("keys.key").map(({ currentKey, newKey }): JsonObject => ({ currentKey: currentKey ?? "", newKey: newKey ?? "" })),
    regexReplacements: source.list("additionalOptions.regexReplacement.replacements").map((entry): JsonObject => {
      const options = typeof entry.options === "object" && entry.options !== null && !Array.isArray(entry.options) ? entry.options : {};
      return {
        searchRegex: entry.searchRegex ?? "",
        replaceRegex: entry.replaceRegex ?? "",
        caseInsensitive: options.caseInsensitive ?? false,
        depth: options.depth ?? -1,
      };
    }),
  },
});

/** Limit 1. */
export const limit: NodeMapping = (source) => ({
  type: "limit",
  parameters: {
    maxItems: source.number("maxItems", 1),
    keep: source.option("keep", { firstItems: "first", lastItems: "last" }, "firstItems"),
  },
});

const OPERATIONS: Readonly<Record<string, NodeMapping>> = {
  splitOutItems: splitOut,
  aggregateItems: aggregate,
  concatenateItems: aggregate,
  removeDuplicates: withinInput,
  sort,
  limit,
  summarize,
};

/** Item Lists 1–3: one node with an operation each that became a node of its own. */
export const itemLists: NodeMapping = (source) => {
  source.ignore("resource");
  const operation = source.text("operation", "splitOutItems");
  const mapping = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (mapping) return mapping(source);
  return { type: "no-op", parameters: {}, placeholder: `has the operation "${operation}", which has no counterpart` };
};
