import type { JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

/** Set 1–2, which is Edit Fields from 3 on. */
export const set: NodeMapping = (source) => (source.version >= 3 ? editFields(source) : legacySet(source));

const TYPES: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  boolean: "boolean",
  array: "array",
  object: "object",
  stringValue: "string",
  numberValue: "number",
  booleanValue: "boolean",
  arrayValue: "array",
  objectValue: "object",
};

function editFields(source: Source): Mapped {
  const duplicates = source.fixedFlag("duplicateItem") ? source.number("duplicateCount", 0) : 0;
  source.ignore("duplicateCount");
  const raw = source.option("mode", { manual: false, raw: true }, "manual");
  return {
    type: "set",
    parameters: {
      ...(raw ? { mode: "json", json: source.value("jsonOutput", "{}") } : { mode: "fields", fields: fieldsOf(source) }),
      ...included(source),
      dotNotation: source.flag("options.dotNotation", true),
      ignoreConversionErrors: source.flag("options.ignoreConversionErrors"),
      binary: binary(source),
      ...(duplicates !== 0 && { duplicates }),
    },
  };
}

/** From 3.3 on one list with `value`; before, a value of its own name for each type. */
function fieldsOf(source: Source): JsonObject[] {
  const assignments = source.has("assignments.assignments") ? source.list("assignments.assignments") : source.list("assignments");
  const fields = source.list("fields.values").map((entry) => {
    const type = String(entry.type ?? "stringValue");
    return { name: entry.name ?? "", type, value: entry[type] ?? (type === "booleanValue" ? true : "") };
  });
  const given: JsonObject[] = source.has("assignments") ? assignments.filter((entry) => entry.name !== undefined) : fields;
  return given.map(({ id, name, type, value }, index) => {
    const known = TYPES[String(type ?? "string")];
    if (!known) source.missing(`assignments[${index}].type`, `"${String(type)}" has no counterpart; text is used`);
    return { ...(typeof id === "string" && { id }), name: name ?? "", type: known ?? "string", value: value ?? null };
  });
}

function included(source: Source): JsonObject {
  const others = source.version >= 3.3 ? source.fixedFlag("includeOtherFields") : true;
  const include = source.option("include", { all: "all", none: "none", selected: "selected", except: "except" }, "all");
  if (!others) return { include: "none" };
  return { include, includeFields: source.text("includeFields"), excludeFields: source.text("excludeFields") };
}

/** Files: dropped only on request from 3.4 on, kept only on request before. */
function binary(source: Source): string {
  source.ignore("options.stripBinary", "options.includeBinary");
  if (source.version >= 3.4) return source.fixedFlag("options.stripBinary") ? "strip" : "auto";
  return source.fixedFlag("options.includeBinary") ? "keep" : "strip";
}

/** Values were put in as expressions gave them, whatever the list they stood in; only version 2 made numbers of numbers' texts. */
function legacySet(source: Source): Mapped {
  const fields = ["string", "number", "boolean"].flatMap((type) =>
    source.list(`values.${type}`).map(({ name, value }): JsonObject => {
      const given = value ?? (type === "number" ? 0 : type === "boolean" ? false : "");
      return { name: name ?? "propertyName", type: type === "number" && source.version >= 2 ? "number" : "any", value: given };
    }),
  );
  return {
    type: "set",
    parameters: {
      mode: "fields",
      fields,
      include: source.fixedFlag("keepOnlySet") ? "none" : "all",
      dotNotation: source.flag("options.dotNotation", true),
      ignoreConversionErrors: true,
    },
  };
}
