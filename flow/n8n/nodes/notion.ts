import type { Json, JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, listing, located, parsedJson, reads, type ServiceCall, serviceNode, writes } from "./action-node";

const ID = /([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[?#]|$)/i;
const page = (source: Source) => ({ page_id: located(source, "pageId", ID) });
const database = (source: Source) => ({ database_id: located(source, "databaseId", ID) });

const richText = (content: Json): Json => [{ text: { content } }];
const entries = (value: Json): Json[] =>
  Array.isArray(value) ? value : typeof value === "string" && value !== "" ? value.split(",").map((each) => each.trim()) : [];

/** A property as the API writes it, from the fields of the form there; null for a kind without a counterpart. */
function property(kind: string, value: JsonObject): JsonObject | null {
  const of = (name: string): Json => value[name] ?? null;
  switch (kind) {
    case "title":
      return { title: richText(of("title")) };
    case "rich_text":
      return value.richText === true ? null : { rich_text: richText(of("textContent")) };
    case "number":
      return { number: of("numberValue") };
    case "select":
      return { select: { name: of("selectValue") } };
    case "status":
      return { status: { name: of("statusValue") } };
    case "multi_select":
      return typeof value.multiSelectValue === "string" && value.multiSelectValue.startsWith("=")
        ? null
        : { multi_select: entries(of("multiSelectValue")).map((name): JsonObject => ({ name })) };
    case "checkbox":
      return { checkbox: of("checkboxValue") };
    case "url":
      return { url: of("urlValue") };
    case "email":
      return { email: of("emailValue") };
    case "phone_number":
      return { phone_number: of("phoneValue") };
    case "date":
      return value.range === true
        ? { date: { start: of("dateStart"), end: of("dateEnd") } }
        : {
            date: {
              start:
                value.includeTime === false && typeof value.date === "string" && !value.date.startsWith("=")
                  ? value.date.slice(0, 10)
                  : of("date"),
            },
          };
    case "relation":
      return { relation: entries(of("relationValue")).map((id): JsonObject => ({ id })) };
    case "people":
      return { people: entries(of("peopleValue")).map((id): JsonObject => ({ id })) };
    default:
      return null;
  }
}

function properties(source: Source): JsonObject {
  const made: JsonObject = {};
  for (const value of source.list("propertiesUi.propertyValues")) {
    const key = String(value.key ?? "");
    const bar = key.lastIndexOf("|");
    const [name, kind] = [key.slice(0, bar), key.slice(bar + 1)];
    const written = bar > 0 ? property(kind, value) : null;
    if (written) made[name] = written;
    else
      source.missing(
        "propertiesUi.propertyValues",
        `the property "${key.replace("|", '" of the kind "')}" has no counterpart in this form and is left out`,
      );
  }
  return made;
}

function children(source: Source): Json | undefined {
  const blocks = source.list("blockUi.blockValues").flatMap((block): JsonObject[] => {
    const kind = String(block.type ?? "paragraph");
    if (block.richText === true || typeof block.textContent !== "string") {
      source.missing("blockUi.blockValues", `a block of the kind "${kind}" has no counterpart in this form and is left out`);
      return [];
    }
    const checked: JsonObject = kind === "to_do" ? { checked: block.checked ?? false } : {};
    return [{ object: "block", type: kind, [kind]: { rich_text: richText(block.textContent), ...checked } }];
  });
  return blocks.length > 0 ? blocks : undefined;
}

function icon(source: Source): Json | undefined {
  const value = given(source, "options.icon");
  if (value === undefined) return undefined;
  const isFile = source.text("options.iconType", "emoji") === "file";
  return isFile ? { type: "external", external: { url: value } } : { type: "emoji", emoji: value };
}

/** Simplified answers have their properties beside each other under names of their own. */
function simple(source: Source): void {
  if (source.fixedFlag("simple", true)) source.changed("simple", "pages are given as Notion's API does: their values are below properties");
}

/** What the form there calls the value of a kind of property. */
const VALUES: Readonly<Record<string, string>> = {
  title: "titleValue",
  rich_text: "richTextValue",
  phone_number: "phoneNumberValue",
  number: "numberValue",
  checkbox: "checkboxValue",
  select: "selectValue",
  multi_select: "multiSelectValue",
  status: "statusValue",
  date: "date",
  people: "peopleValue",
  created_by: "createdByValue",
  last_edited_by: "lastEditedByValue",
  created_time: "createdTimeValue",
  last_edited_time: "lastEditedTime",
  relation: "relationValue",
  url: "urlValue",
  email: "emailValue",
};

/** A filter that a form describes, as the API takes it; null where a part of it has no counterpart, undefined for none. */
function formFilter(source: Source): Json | undefined | null {
  const path = source.has("options.filter") ? "options.filter" : "filters";
  const conditions = [
    ...source.list(`${path}.conditions`),
    ...source.list(`${path}.singleCondition`),
    ...source.list(`${path}.multipleCondition.condition`),
  ];
  const made: JsonObject[] = [];
  for (const each of conditions) {
    const key = String(each.key ?? "");
    const bar = key.lastIndexOf("|");
    const [name, kind] = [key.slice(0, bar), key.slice(bar + 1)];
    const field = Object.hasOwn(VALUES, kind) ? VALUES[kind] : undefined;
    const condition = String(each.condition ?? "");
    if (bar < 1 || !field || condition === "") return null;
    const isSpan = /^(past|next|this)_/.test(condition);
    const value = /^is_(not_)?empty$/.test(condition) ? true : isSpan ? {} : (each[field] ?? "");
    made.push({ property: name, [kind]: { [condition]: kind === "checkbox" && typeof value === "string" ? value === "true" : value } });
  }
  if (made.length === 0) return undefined;
  return { [source.text("matchType", "anyFilter") === "allFilters" ? "and" : "or"]: made };
}

function getAll(source: Source): ServiceCall | string {
  simple(source);
  const { inputs, parameters } = listing(source, "page_size", 100);
  const filterType = source.text("filterType", "none");
  const manual = filterType === "manual" || source.has("options.filter") ? formFilter(source) : undefined;
  if (manual === null) return "filters by a form in a way that has no counterpart: write the filter as JSON";
  source.ignore("matchType", "filters", "options.downloadFiles", "filterJson", "options.filter");
  const sorts = source
    .list("options.sort.sortValue")
    .map(
      ({ timestamp, key, direction = "ascending" }): JsonObject =>
        timestamp === true
          ? { timestamp: key ?? "created_time", direction }
          : { property: String(key ?? "").replace(/\|[^|]*$/, ""), direction },
    );
  return reads(
    "query-database",
    {
      ...database(source),
      filter: filterType === "json" ? parsedJson(source, "filterJson") : manual,
      sorts: sorts.length > 0 ? sorts : undefined,
      ...inputs,
    },
    parameters,
  );
}

/** Notion 1–2.2. */
export const notion: NodeMapping = serviceNode(
  { key: "notion", auth: "bearer" },
  {
    "databasePage:create": (source) => {
      simple(source);
      const written = properties(source);
      const title = given(source, "title");
      const hasTitle = Object.values(written).some((value) => typeof value === "object" && value !== null && "title" in value);
      // Every database has a title, under a name of its own; its id is always "title".
      return writes("create-database-page", {
        ...database(source),
        properties: title === undefined || title === "" || hasTitle ? written : { title: { title: richText(title) }, ...written },
        children: children(source),
        icon: icon(source),
      });
    },
    "databasePage:get": (source) => {
      simple(source);
      return reads("get-page", page(source));
    },
    "databasePage:update": (source) => {
      simple(source);
      return writes("update-page", { ...page(source), properties: properties(source), icon: icon(source) });
    },
    "databasePage:getAll": getAll,
    "page:create": (source) => {
      simple(source);
      return writes("create-page", { ...page(source), title: given(source, "title"), children: children(source), icon: icon(source) });
    },
    "page:get": (source) => {
      simple(source);
      return reads("get-page", page(source));
    },
    "page:archive": (source) => {
      simple(source);
      return writes("archive-page", page(source));
    },
    "page:search": (source) => {
      simple(source);
      const { inputs, parameters } = listing(source, "page_size", 100);
      const kind = given(source, "options.filter.filters.value");
      source.ignore("options.filter.filters.property", "options.sort");
      return reads(
        "search",
        { query: given(source, "text"), filter: kind === undefined ? undefined : { property: "object", value: kind }, ...inputs },
        parameters,
      );
    },
    "block:append": (source) => writes("append-blocks", { block_id: located(source, "blockId", ID), children: children(source) }),
    "block:getAll": (source) => {
      const { inputs, parameters } = listing(source, "page_size", 100);
      source.ignore("simplifyOutput");
      if (source.fixedFlag("fetchNestedBlocks")) source.missing("fetchNestedBlocks", "only the first level is given");
      return reads("list-blocks", { block_id: located(source, "blockId", ID), ...inputs }, parameters);
    },
    "database:get": (source) => {
      simple(source);
      return reads("get-database", database(source));
    },
    "database:search": (source) => {
      simple(source);
      const { inputs, parameters } = listing(source, "page_size", 100);
      source.ignore("options.sort");
      return reads("search", { query: given(source, "text"), filter: { property: "object", value: "database" }, ...inputs }, parameters);
    },
    "database:getAll": (source) => {
      simple(source);
      const { inputs, parameters } = listing(source, "page_size", 100);
      return reads("search", { filter: { property: "object", value: "database" }, ...inputs }, parameters);
    },
    "user:get": (source) => reads("get-user", { user_id: given(source, "userId") }),
    "user:getAll": (source) => {
      const { inputs, parameters } = listing(source, "page_size", 100);
      return reads("list-users", inputs, parameters);
    },
  },
  { resource: "page", operation: { page: "create", databasePage: "create", block: "append", database: "get", user: "get" } },
);
