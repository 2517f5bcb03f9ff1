import type { Json } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, listing, located, reads, type ServiceCall, serviceNode, writes } from "./action-node";

const ITEM = "={{ $json }}";
/** What names the record is none of its fields. */
const WITHOUT_ID = "={{ $json.removeField('id') }}";

const place = (source: Source) => ({
  base_id: located(source, "base", /(app\w+)/),
  table: located(source, "table", /(tbl\w+)/),
});

/** Values by field: written one by one, or those of the item. */
function fields(source: Source): { fields: Json; id: Json | undefined; matching: Json[] } {
  const columns = source.object("columns");
  source.ignore("columns");
  const matching = Array.isArray(columns.matchingColumns) ? columns.matchingColumns : [];
  if (columns.mappingMode === "autoMapInputData") return { fields: ITEM, id: undefined, matching };
  const value = typeof columns.value === "object" && columns.value !== null && !Array.isArray(columns.value) ? columns.value : {};
  const { id, ...rest } = value;
  return { fields: Object.fromEntries(Object.entries(rest).filter(([, each]) => each !== null)), id, matching };
}

const typecast = (source: Source) => {
  source.ignore("options.ignoreFields");
  return { typecast: given(source, "options.typecast") };
};

function update(source: Source): ServiceCall | string {
  const { fields: values, id, matching } = fields(source);
  if (matching.some((name) => name !== "id"))
    return "finds the record to update by other fields, which has no counterpart: search for it first";
  if (id === undefined && values === ITEM) {
    return writes("update-record", { ...place(source), record_id: "={{ $json.id }}", fields: WITHOUT_ID, ...typecast(source) });
  }
  return writes("update-record", { ...place(source), record_id: id, fields: values, ...typecast(source) });
}

function search(source: Source): ServiceCall {
  const { inputs, parameters } = listing(source, "page_size", 100, { fallback: 100 });
  const names = source.get("options.fields");
  const sort = source.list("sort.property");
  source.changed(null, "fields of records are below fields");
  return reads(
    "list-records",
    {
      ...place(source),
      filter_by_formula: given(source, "filterByFormula"),
      view: located(source, "options.view", /(viw\w+)/),
      fields: names ?? undefined,
      sort: sort.length > 0 ? sort : undefined,
      ...inputs,
    },
    parameters,
  );
}

/** Airtable 2–2.1. */
const current = serviceNode(
  { key: "airtable", auth: "oauth2" },
  {
    "record:create": (source) => writes("create-record", { ...place(source), fields: fields(source).fields, ...typecast(source) }),
    "record:get": (source) => {
      if (source.has("options.downloadFields")) source.missing("options.downloadFields", "attachments are not downloaded");
      source.changed(null, "fields of the record are below fields");
      return reads("get-record", { ...place(source), record_id: given(source, "id") });
    },
    "record:search": search,
    "record:update": update,
    "record:upsert": (source) => {
      const { fields: values, matching } = fields(source);
      source.ignore("options.updateAllMatches");
      return matching.length === 0 || matching.includes("id")
        ? "creates or updates a record by its id, which has no counterpart"
        : writes("upsert-record", { ...place(source), merge_on: matching, fields: values, ...typecast(source) });
    },
    "record:deleteRecord": (source) => writes("delete-record", { ...place(source), record_id: given(source, "id") }),
    "base:getMany": (source) => {
      source.ignore("limit", "options.permissionLevel");
      return reads("list-bases", {}, { returnAll: source.fixedFlag("returnAll", true) });
    },
    "base:getSchema": (source) => reads("list-tables", { base_id: located(source, "base", /(app\w+)/) }),
  },
  { resource: "record", operation: { record: "get", base: "getMany" } },
);

const firstPlace = (source: Source) => ({
  base_id: located(source, "application", /(app\w+)/),
  table: located(source, "table", /(tbl\w+)/),
});

/** Fields of the item, all or those that are named. */
function itemFields(source: Source, all: string, whole: string): Json {
  const names = source.get("fields");
  if (source.fixedFlag(all, true) || !Array.isArray(names)) return whole;
  return Object.fromEntries(names.map((name) => [String(name), `={{ $json[${JSON.stringify(name)}] }}`]));
}

function firstList(source: Source): ServiceCall {
  const { inputs, parameters } = listing(source, "page_size", 100, { fallback: 100 });
  const sort = source.list("additionalOptions.sort.property");
  if (source.fixedFlag("downloadAttachments")) source.missing("downloadAttachments", "attachments are not downloaded");
  source.ignore("downloadFieldNames");
  return reads(
    "list-records",
    {
      ...firstPlace(source),
      filter_by_formula: given(source, "additionalOptions.filterByFormula"),
      view: given(source, "additionalOptions.view"),
      fields: given(source, "additionalOptions.fields"),
      sort: sort.length > 0 ? sort : undefined,
      ...inputs,
    },
    source.has("returnAll") ? parameters : { ...parameters, returnAll: true, maxPages: 1000 },
  );
}

const firstTypecast = (source: Source) => {
  source.ignore("options.bulkSize", "options.ignoreFields");
  return { typecast: given(source, "options.typecast") };
};

/** Airtable 1: only records, without a resource. */
const first = serviceNode(
  { key: "airtable", auth: "oauth2" },
  {
    "record:append": (source) =>
      writes("create-record", { ...firstPlace(source), fields: itemFields(source, "addAllFields", ITEM), ...firstTypecast(source) }),
    "record:delete": (source) => writes("delete-record", { ...firstPlace(source), record_id: given(source, "id") }),
    "record:list": firstList,
    "record:read": (source) => reads("get-record", { ...firstPlace(source), record_id: given(source, "id") }),
    "record:update": (source) =>
      writes("update-record", {
        ...firstPlace(source),
        record_id: given(source, "id"),
        fields: itemFields(source, "updateAllFields", WITHOUT_ID),
        ...firstTypecast(source),
      }),
  },
  { resource: "record", operation: { record: "read" } },
);

export const airtable: NodeMapping = (source) => (source.version < 2 ? first : current)(source);
