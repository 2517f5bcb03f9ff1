import type { JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";

const fieldAt = (name: string): string =>
  `{{ $json${name
    .split(".")
    .map((part) => `[${JSON.stringify(part)}]`)
    .join("")} }}`;

/** The named fields of the item, those that are dates as MongoDB's. */
function fields(source: Source): JsonObject {
  const dates = new Set(
    source
      .text("options.dateFields")
      .split(",")
      .map((name) => name.trim()),
  );
  const names = source
    .text("fields")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return Object.fromEntries(names.map((name) => [name, dates.has(name) ? { $date: `=${fieldAt(name)}` } : `=${fieldAt(name)}`]));
}

/** MongoDB 1–1.2. */
export const mongoDb: NodeMapping = (source) => {
  source.ignore("resource", "options.useDotNotation");
  const base = { collection: source.text("collection") };
  const operation = source.text("operation", "find");
  const credentials = { mongodb: "mongoDb" };
  const made = (parameters: JsonObject) => ({ type: "mongodb", parameters: { ...base, ...parameters }, credentials });
  if (source.has("queryParameters"))
    source.missing("queryParameters", "has no counterpart: write an expression in place of $1 in the query");
  switch (operation) {
    case "find":
      return made({
        operation,
        query: source.value("query", "{}"),
        limit: source.number("options.limit", 0),
        skip: source.number("options.skip", 0),
        sort: source.value("options.sort", "{}"),
        projection: source.value("options.projection", "{}"),
      });
    case "aggregate":
      return made({ operation, pipeline: source.value("query", "[]") });
    case "delete":
      return made({ operation, query: source.value("query", "{}") });
    case "insert":
      return made({ operation, document: fields(source) });
    case "update":
    case "findOneAndUpdate": {
      const key = source.text("updateKey", "id");
      return made({
        operation,
        query: { [key]: `=${fieldAt(key)}` },
        update: { $set: fields(source) },
        upsert: source.flag("upsert"),
        ...(operation === "update" && { many: false }),
      });
    }
    default:
      return { type: "no-op", parameters: {}, placeholder: `does "${operation}", which has no counterpart` };
  }
};
