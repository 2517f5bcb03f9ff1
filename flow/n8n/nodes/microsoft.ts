import type { JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";
import { chosen, given, listed, read, serviceMapping, write } from "./actions";

const graph = (tool: string) => ({ tool, auth: "oauth2" as const });

/** Before version 2 the node's parameters were others. */
const fromVersion =
  (version: number, mapping: NodeMapping): NodeMapping =>
  (source) =>
    source.version >= version
      ? mapping(source)
      : { type: "no-op", parameters: {}, placeholder: `of version ${source.version} has other parameters than version ${version}` };

const capitalized = (text: string): string => (text.startsWith("=") ? text : text.toLowerCase() === "html" ? "HTML" : "Text");

function mail(source: Source, usualFormat: string): JsonObject {
  const importance = source.text("additionalFields.importance");
  return {
    ...given(source, {
      toRecipients: "to",
      "additionalFields.toRecipients": "to",
      subject: "subject",
      bodyContent: "content",
      "additionalFields.ccRecipients": "cc",
      "additionalFields.bccRecipients": "bcc",
      "additionalFields.replyTo": "reply_to",
    }),
    content_type: capitalized(source.text("additionalFields.bodyContentType", usualFormat)),
    ...(importance !== "" && { importance: importance.startsWith("=") ? importance : importance.toLowerCase() }),
  };
}

/** n8n's short form of a message is not made here. */
function whole(source: Source): void {
  const output = source.text("output", "simple");
  if (output !== "raw") source.changed("output", "gives messages whole, as the service has them");
  source.ignore("fields");
}

export const outlook = fromVersion(
  2,
  serviceMapping({
    ...graph("outlook"),
    resource: "message",
    operation: { message: "send", draft: "create", event: "getAll", calendar: "getAll", contact: "getAll" },
    calls: {
      "message:send": (source) => {
        const file = source.list("additionalFields.attachments.attachments");
        if (file.length > 1) return "sends several files, which has no counterpart";
        const saved = given(source, { "additionalFields.saveToSentItems": "save_to_sent_items" });
        const inputs = { ...mail(source, "html"), ...saved };
        const [first] = file;
        if (!first) return write("send-email", inputs);
        const field = String(first.binaryPropertyName ?? "data");
        const name = field.startsWith("=") ? "attachment" : `={{ $binary["${field}"].fileName }}`;
        return write("send-email-with-file", { ...inputs, file: field, file_name: name });
      },
      "message:reply": (source) => {
        if (source.fixedFlag("options.saveAsDraft")) return "keeps an answer as a draft, which has no counterpart";
        const action = source.fixedFlag("replyToSenderOnly") ? "reply" : "reply-all";
        return write(action, { id: chosen(source, "messageId"), comment: source.text("message") });
      },
      "message:get": (source) => {
        whole(source);
        return read("get-message", { id: chosen(source, "messageId") });
      },
      "message:getAll": (source) => {
        whole(source);
        source.ignore("filtersUI.values.filterBy");
        return listed(source, "list-messages", {
          name: "top",
          most: 1000,
          usual: 100,
          inputs: given(source, { "filtersUI.values.filters.custom": "filter" }),
        });
      },
      "message:delete": (source) => write("delete-message", { id: chosen(source, "messageId") }),
      "message:move": (source) => write("move-message", { id: chosen(source, "messageId"), destinationId: chosen(source, "folderId") }),
      "message:update": (source) =>
        write("update-message", {
          id: chosen(source, "messageId"),
          ...given(source, { "updateFields.isRead": "isRead", "updateFields.categories": "categories" }),
        }),
      "draft:create": (source) => write("create-draft", mail(source, "html")),
      "draft:send": (source) => write("send-draft", { id: chosen(source, "draftId") }),
      "draft:delete": (source) => write("delete-message", { id: chosen(source, "draftId") }),
      "draft:get": (source) => {
        whole(source);
        return read("get-message", { id: chosen(source, "draftId") });
      },
      "event:create": (source) => {
        const zone = source.text("additionalFields.timeZone", "UTC");
        return write("create-calendar-event", {
          calendar: chosen(source, "calendarId"),
          ...given(source, {
            subject: "subject",
            startDateTime: "start",
            endDateTime: "end",
            "additionalFields.body": "content",
            "additionalFields.isOnlineMeeting": "online",
            "additionalFields.showAs": "show_as",
          }),
          time_zone: zone,
        });
      },
      "event:get": (source) => {
        whole(source);
        source.ignore("calendarId");
        return read("get-event", { id: chosen(source, "eventId") });
      },
      "event:delete": (source) => {
        source.ignore("calendarId");
        return write("delete-event", { id: chosen(source, "eventId") });
      },
      "calendar:getAll": (source) => {
        source.ignore("returnAll", "limit");
        return read("list-calendars", {}, true);
      },
      "contact:getAll": (source) => {
        whole(source);
        return listed(source, "list-contacts", {
          name: "top",
          most: 1000,
          usual: 100,
          inputs: given(source, { "filters.custom": "filter" }),
        });
      },
    },
  }),
);

const channelOf = (source: Source): JsonObject => ({ team: chosen(source, "teamId"), channel: chosen(source, "channelId") });
const chatOf = (source: Source): JsonObject => ({ chat: chosen(source, "chatId") });

function teamsMessage(source: Source): JsonObject {
  if (source.flag("options.includeLinkToWorkflow", true) === true)
    source.note("options.includeLinkToWorkflow", "the message has no link to the flow");
  return { content: source.text("message"), content_type: source.text(source.version >= 2 ? "contentType" : "messageType", "text") };
}

export const teams = serviceMapping({
  ...graph("teams"),
  resource: "channel",
  operation: { channel: "create", channelMessage: "create", chatMessage: "create", task: "create" },
  calls: {
    "channel:create": (source) =>
      write("create-channel", {
        team: chosen(source, "teamId"),
        ...given(source, { name: "displayName", "options.description": "description", "options.type": "membershipType" }),
      }),
    "channel:get": (source) => read("get-channel", channelOf(source)),
    "channel:getAll": (source) => {
      source.ignore("returnAll", "limit");
      return read("list-channels", { team: chosen(source, "teamId") }, true);
    },
    "channelMessage:create": (source) => {
      const answered = source.text("options.makeReply");
      const inputs = { ...channelOf(source), ...teamsMessage(source) };
      return answered === "" ? write("send-channel-message", inputs) : write("reply-to-channel-message", { ...inputs, message: answered });
    },
    "channelMessage:reply": (source) =>
      write("reply-to-channel-message", { ...channelOf(source), message: source.text("messageId"), ...teamsMessage(source) }),
    "channelMessage:getAll": (source) => listed(source, "list-channel-messages", { name: "top", most: 50, inputs: channelOf(source) }),
    "chatMessage:create": (source) => write("send-chat-message", { ...chatOf(source), ...teamsMessage(source) }),
    "chatMessage:get": (source) => read("get-chat-message", { ...chatOf(source), message: source.text("messageId") }),
    "chatMessage:getAll": (source) => listed(source, "list-chat-messages", { name: "top", most: 50, inputs: chatOf(source) }),
    "task:create": (source) => {
      source.ignore("groupId", "groupSource");
      const prefix = source.version >= 2 ? "options" : "additionalFields";
      return write("create-task", {
        planId: chosen(source, "planId"),
        bucketId: chosen(source, "bucketId"),
        ...given(source, {
          title: "title",
          [`${prefix}.dueDateTime`]: "dueDateTime",
          [`${prefix}.percentComplete`]: "percentComplete",
        }),
      });
    },
    "task:get": (source) => read("get-task", { task: source.text("taskId") }),
  },
});

const sheetOf = (source: Source): JsonObject => ({ workbook: chosen(source, "workbook"), worksheet: chosen(source, "worksheet") });
/** Names of tables are unique in a workbook. */
const tableOf = (source: Source): JsonObject => {
  source.ignore("worksheet");
  return { workbook: chosen(source, "workbook"), table: chosen(source, "table") };
};
const isRaw = (source: Source): boolean => source.fixedFlag("rawData") || source.fixedFlag("options.rawData");
const RAW = "gives rows as the service has them, which has no counterpart";

export const excel = fromVersion(
  2,
  serviceMapping({
    ...graph("excel"),
    resource: "workbook",
    operation: { workbook: "getAll", worksheet: "getAll", table: "append" },
    calls: {
      "workbook:getAll": (source) => listed(source, "list-workbooks", { name: "top", most: 200, usual: 100 }),
      "workbook:addWorksheet": (source) =>
        write("add-worksheet", { workbook: chosen(source, "workbook"), ...given(source, { "additionalFields.name": "name" }) }),
      "worksheet:getAll": (source) => {
        source.ignore("returnAll", "limit");
        return read("list-worksheets", { workbook: chosen(source, "workbook") }, true);
      },
      "worksheet:readRows": (source) => {
        if (isRaw(source)) return RAW;
        source.ignore("keyRow", "dataStartRow");
        const range = source.fixedFlag("useRange") ? source.text("range") : "";
        return range === "" ? read("read-rows", sheetOf(source)) : read("read-range", { ...sheetOf(source), range });
      },
      "worksheet:clear": (source) => {
        const range = source.fixedFlag("useRange") ? source.text("range") : "";
        const inputs = { ...sheetOf(source), applyTo: source.text("applyTo", "All") };
        return range === "" ? write("clear-worksheet", inputs) : write("clear-range", { ...inputs, range });
      },
      "worksheet:deleteWorksheet": (source) => write("delete-worksheet", sheetOf(source)),
      "table:addTable": (source) => {
        if (source.text("selectRange", "auto") === "auto") return "finds the range of the table by itself, which has no counterpart";
        return write("create-table", { ...sheetOf(source), address: source.text("range"), hasHeaders: source.flag("hasHeaders", true) });
      },
      "table:append": (source) => {
        if (source.text("dataMode", "define") !== "raw" || isRaw(source))
          return "puts values into columns by name, which has no counterpart";
        return write("add-table-rows", {
          ...tableOf(source),
          values: source.value("data"),
          ...given(source, { "options.index": "index" }),
        });
      },
      "table:convertToRange": (source) => write("convert-table-to-range", tableOf(source)),
      "table:deleteTable": (source) => write("delete-table", tableOf(source)),
      "table:getColumns": (source) => {
        if (isRaw(source)) return RAW;
        source.ignore("returnAll", "limit");
        return read("list-table-columns", tableOf(source), true);
      },
      "table:getRows": (source) => {
        if (isRaw(source)) return RAW;
        if (!source.fixedFlag("returnAll")) source.changed("limit", "all rows are given");
        source.ignore("limit");
        return read("read-table", tableOf(source));
      },
    },
  }),
);

const rename = (source: Source) => write("update-item", { item: source.text("itemId"), name: source.text("newName") });
const search = (source: Source) => read("search", { query: source.text("query") }, true);

export const oneDrive = serviceMapping({
  ...graph("onedrive"),
  resource: "file",
  operation: { file: "upload", folder: "getChildren" },
  calls: {
    "file:copy": (source) =>
      write(
        "copy-item",
        given(source, {
          fileId: "item",
          "additionalFields.name": "name",
          "parentReference.id": "parent",
          "parentReference.driveId": "drive",
        }),
      ),
    "file:delete": (source) => write("delete-item", given(source, { fileId: "item" })),
    "file:download": (source) => {
      if (source.text("binaryPropertyName", "data") !== "data") source.missing("binaryPropertyName", 'the file is in the field "data"');
      return read("download-file", given(source, { fileId: "item" }));
    },
    "file:get": (source) => read("get-item", given(source, { fileId: "item" })),
    "file:move": (source) =>
      write("update-item", given(source, { fileId: "item", destinationFolderId: "parent", "additionalFields.name": "name" })),
    "file:rename": rename,
    "file:search": search,
    "file:share": (source) => write("create-link", given(source, { fileId: "item", type: "type", scope: "scope" })),
    "file:upload": (source) => {
      const place = { folder: source.text("parentId") || "root" };
      if (!source.fixedFlag("binaryData"))
        return write("upload-text", { ...place, ...given(source, { fileName: "name", fileContent: "content" }) });
      const field = source.text("binaryPropertyName", "data");
      const name = source.text("fileName") || `={{ $binary["${field}"].fileName }}`;
      return write("upload-file", { ...place, name, file: field });
    },
    "folder:create": (source) =>
      write("create-folder", { folder: source.text("options.parentFolderId") || "root", ...given(source, { name: "name" }) }),
    "folder:delete": (source) => write("delete-item", given(source, { folderId: "item" })),
    "folder:getChildren": (source) => read("list-children", { folder: source.text("folderId") || "root" }, true),
    "folder:move": (source) =>
      write("update-item", given(source, { folderId: "item", destinationFolderId: "parent", "additionalFields.name": "name" })),
    "folder:rename": rename,
    "folder:search": search,
    "folder:share": (source) => write("create-link", given(source, { folderId: "item", type: "type", scope: "scope" })),
  },
});
