import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";
import { given, listed, located, type ServiceTool } from "./action-node";
import { search } from "./gmail";
import { quoted, sheetName, spreadsheet, within } from "./google-sheets";
import { cronRule } from "./schedule-trigger";

/** When n8n polls: every minute, where nothing is said. */
function pollRules(source: Source): JsonObject[] {
  const times = source.list("pollTimes.item");
  if (times.length === 0) return [{ every: "minutes", interval: 1 }];
  return times.map((rule, index) => cronRule(source, rule, `pollTimes.item[${index}]`));
}

/** RSS Feed Trigger. */
export const rssFeedReadTrigger: NodeMapping = (source) => {
  source.changed(
    null,
    "the oldest of several new entries comes first, and an entry is new when it was not there before, whatever its date",
  );
  return { type: "rss-trigger", parameters: { url: source.text("feedUrl"), rules: pollRules(source) }, inputs: [] };
};

/** What of a service is watched, and how. */
interface Watch {
  action: string;
  inputs: Readonly<Record<string, Json | undefined>>;
  /** Parameters of the trigger besides. */
  settings?: JsonObject;
}

const NEWEST_FIRST: JsonObject = { order: "newestFirst" };

/** A trigger that watches what an action lists; a text is why there is none. */
const watching =
  (tool: ServiceTool, watch: (source: Source) => Watch | string): NodeMapping =>
  (source): Mapped => {
    const found = watch(source);
    if (typeof found === "string") return { type: "action-trigger", parameters: {}, inputs: [], placeholder: found };
    source.ignore("authentication");
    const inputs = Object.fromEntries(
      Object.entries(found.inputs).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== ""),
    );
    const [credential] = Object.keys(source.node.credentials);
    return {
      type: "action-trigger",
      parameters: { tool: tool.key, action: found.action, auth: tool.auth, inputs, ...found.settings, rules: pollRules(source) },
      inputs: [],
      ...(credential !== undefined && { credentials: { tool: credential } }),
    };
  };

/** Of what is sorted by time only so much is looked at. */
const looksAt = (source: Source, count: number): void =>
  source.changed(null, `the latest ${count} are looked at each time: more than that at once are not found`);

export const gmailTrigger = watching({ key: "gmail", auth: "oauth2" }, (source): Watch | string => {
  if (source.text("authentication", "oAuth2") === "serviceAccount") return "uses a service account, which has no counterpart";
  const { q, ...filters } = search(source);
  const words = [q];
  if (!source.fixedFlag("filters.includeDrafts", source.version < 1.2)) words.push("-in:drafts");
  if (source.version > 1.2) words.push("-in:sent");
  const simple = source.fixedFlag("simple", true);
  if (source.fixedFlag("options.downloadAttachments")) source.missing("options.downloadAttachments", "attachments are got one by one");
  source.ignore("event", "options.dataPropertyAttachmentsPrefixName");
  source.changed(null, "gives messages as Gmail's API does");
  looksAt(source, 100);
  return {
    action: "list-messages",
    inputs: { ...filters, q: words.filter((word) => word !== undefined).join(" "), max_results: 100 },
    settings: {
      ...NEWEST_FIRST,
      details: "get-message",
      detailsInput: "message_id",
      detailsInputs: simple ? { format: "metadata", metadata_headers: ["From", "To", "Cc", "Bcc", "Subject"] } : { format: "full" },
    },
  };
});

export const googleSheetsTrigger = watching({ key: "google-sheets", auth: "oauth2" }, (source): Watch | string => {
  const name = sheetName(source);
  if (name === null) return "names its sheet by number, which has no counterpart: choose it by name";
  const event = source.text("event", "anyUpdate");
  const include = source.text("includeInOutput", "new");
  if (event !== "rowAdded" && include !== "new") return "gives rows as they were before, which has no counterpart";
  const columns = listed(source, "options.columnsToWatch");
  if (event !== "rowAdded" && Array.isArray(columns) && columns.length > 1) return "watches several columns, which has no counterpart";
  const [column] = Array.isArray(columns) && event !== "rowAdded" ? columns : [];
  const place = "options.dataLocationOnSheet.values";
  if (source.fixedNumber(`${place}.headerRow`, 1) !== 1) return "reads a table whose header is not the first row, which has no counterpart";
  source.ignore(`${place}.rangeDefinition`, `${place}.firstDataRow`, "options.dateTimeRenderOption");
  const cells = given(source, `${place}.range`);
  source.changed(null, "items have no row_number");
  return {
    action: "get-rows",
    inputs: {
      ...spreadsheet(source),
      range: typeof cells === "string" && cells !== "" ? within(name, cells) : quoted(name),
      value_render_option: source.text("options.valueRender", "UNFORMATTED_VALUE"),
    },
    settings: {
      identify: "position",
      mode: { rowAdded: "new", rowUpdate: "updated" }[event] ?? "changed",
      ...(typeof column === "string" && { changeField: `["${column}"]` }),
    },
  };
});

const FOLDER_TYPE = "application/vnd.google-apps.folder";

export const googleDriveTrigger = watching({ key: "google-drive", auth: "oauth2" }, (source): Watch | string => {
  if (source.text("authentication", "oAuth2") === "serviceAccount") return "uses a service account, which has no counterpart";
  const on = source.text("triggerOn");
  const event = source.text("event", on === "specificFile" ? "fileUpdated" : "");
  const id = (path: string) => located(source, path, /\/(?:d|folders)\/([\w-]+)/);
  if (on === "specificFile") {
    return {
      action: "get-file",
      inputs: { file_id: id("fileToWatch"), fields: "*" },
      settings: { mode: "updated", changeField: "modifiedTime" },
    };
  }
  const folder = id("folderToWatch");
  const [what, change] = /^(file|folder)(Created|Updated)$/.exec(event)?.slice(1) ?? [];
  if (on !== "specificFolder" || what === undefined || typeof folder !== "string") return `with the event "${event}" has no counterpart`;
  const type = source.text("options.fileType", "all");
  const parts = [
    `'${folder.replace(/^=/, "")}' in parents`,
    `mimeType ${what === "folder" ? "=" : "!="} '${FOLDER_TYPE}'`,
    "trashed = false",
  ];
  if (what === "file" && type !== "all" && type !== "") parts.push(`mimeType = '${type}'`);
  source.ignore("driveToWatch");
  looksAt(source, 100);
  const q = parts.join(" and ");
  const time = change === "Created" ? "createdTime" : "modifiedTime";
  return {
    action: "list-files",
    inputs: { q: folder.startsWith("=") ? `=${q}` : q, order_by: `${time} desc`, fields: "nextPageToken,files(*)", page_size: 100 },
    settings: { ...NEWEST_FIRST, ...(change === "Updated" && { mode: "changed", changeField: time }) },
  };
});

/** Filled in at each poll. */
const A_DAY_AGO = "={{ $now.minus({ days: 1 }).toISO() }}";
const ALL_PAGES: JsonObject = { returnAll: true, maxPages: 10 };

export const googleCalendarTrigger = watching({ key: "google-calendar", auth: "oauth2" }, (source): Watch | string => {
  const on = source.text("triggerOn");
  const shared = { calendar_id: located(source, "calendarId"), q: given(source, "options.matchTerm"), max_results: 250 };
  if (on === "eventStarted") {
    return {
      action: "list-events",
      inputs: { ...shared, single_events: true, time_min: A_DAY_AGO, time_max: "={{ $now.toISO() }}" },
      settings: ALL_PAGES,
    };
  }
  if (on !== "eventCreated" && on !== "eventUpdated") return `with the event "${on}" has no counterpart`;
  source.changed(null, "events that are over are not watched");
  return {
    action: "list-events",
    inputs: { ...shared, time_min: A_DAY_AGO },
    settings: { ...ALL_PAGES, ...(on === "eventUpdated" && { mode: "updated", changeField: "updated" }) },
  };
});

export const airtableTrigger = watching({ key: "airtable", auth: "oauth2" }, (source): Watch | string => {
  const field = source.text("triggerField");
  if (field === "" || field.startsWith("=")) return "has no fixed field by which it tells what is new";
  if (source.fixedFlag("downloadAttachments")) source.missing("downloadAttachments", "attachments are not downloaded");
  source.ignore("downloadFieldNames");
  const names = listed(source, "additionalFields.fields");
  looksAt(source, 100);
  return {
    action: "list-records",
    inputs: {
      base_id: located(source, "baseId", /(app\w+)/),
      table: located(source, "tableId", /(tbl\w+)/),
      filter_by_formula: given(source, "additionalFields.formula"),
      view: given(source, "additionalFields.viewId"),
      fields: Array.isArray(names) ? [...new Set([...names, field])] : names,
      sort: [{ field, direction: "desc" }],
      page_size: 100,
    },
    settings: { ...NEWEST_FIRST, mode: "changed", changeField: `fields["${field}"]` },
  };
});

export const notionTrigger = watching({ key: "notion", auth: "bearer" }, (source): Watch | string => {
  const isAdded = source.text("event", "pageAddedToDatabase") === "pageAddedToDatabase";
  if (source.fixedFlag("simple", true)) source.changed("simple", "pages are given as Notion's API does: their values are below properties");
  looksAt(source, 100);
  const timestamp = isAdded ? "created_time" : "last_edited_time";
  return {
    action: "query-database",
    inputs: {
      database_id: located(source, "databaseId", /([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[?#]|$)/i),
      sorts: [{ timestamp, direction: "descending" }],
      page_size: 100,
    },
    settings: { ...NEWEST_FIRST, ...(!isAdded && { mode: "changed", changeField: timestamp }) },
  };
});

export const microsoftOutlookTrigger = watching({ key: "outlook", auth: "oauth2" }, (source): Watch | string => {
  const output = source.text("output", "simple");
  if (output !== "raw") source.changed("output", "gives messages whole, as the service has them");
  source.ignore("event", "fields", "filters.filterBy");
  if (source.fixedFlag("options.downloadAttachments")) source.missing("options.downloadAttachments", "attachments are got one by one");
  source.ignore("options.attachmentsPrefix");
  const folders = listed(source, "filters.foldersToInclude");
  const [folder, ...more] = Array.isArray(folders) ? folders : [];
  if (more.length > 0) return "watches several folders, which has no counterpart";
  if (source.has("filters.foldersToExclude")) return "leaves folders out, which has no counterpart";
  const conditions: string[] = [];
  const read = source.text("filters.readStatus", "both");
  if (read === "read" || read === "unread") conditions.push(`isRead eq ${read === "read"}`);
  if (source.has("filters.hasAttachments")) conditions.push(`hasAttachments eq ${source.fixedFlag("filters.hasAttachments")}`);
  const sender = source.text("filters.sender");
  if (sender.startsWith("=")) return "names its sender by an expression, which has no counterpart";
  if (sender !== "") {
    const quotedSender = sender.replaceAll("'", "''");
    conditions.push(`(from/emailAddress/address eq '${quotedSender}' or from/emailAddress/name eq '${quotedSender}')`);
  }
  const custom = source.text("filters.custom");
  if (custom !== "") conditions.push(custom.startsWith("=") ? custom.slice(1) : custom);
  const filter = conditions.join(" and ");
  looksAt(source, 100);
  return {
    action: folder === undefined ? "list-messages" : "list-folder-messages",
    inputs: { ...(folder !== undefined && { folder }), filter: custom.startsWith("=") ? `=${filter}` : filter, top: 100 },
    settings: NEWEST_FIRST,
  };
});
