import type { Json, JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, reads, type ServiceCall, serviceNode, writes } from "./action-node";

const ADDITIONAL = "additionalFields";
const chat = (source: Source) => ({ chat_id: given(source, "chatId") });
const messageId = (source: Source) => ({ message_id: numeric(given(source, "messageId")) });

/** Numbers that the form there keeps as text. */
const numeric = (value: Json | undefined): Json | undefined => (typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value);

const rowsOf = (source: Source, path: string): JsonObject[][] =>
  source.list(`${path}.rows`).map(({ row }) => {
    const buttons = typeof row === "object" && row !== null && !Array.isArray(row) ? row.buttons : [];
    return (Array.isArray(buttons) ? buttons : []).map((button) => {
      const { text = "", additionalFields = {} } = button as JsonObject;
      return { text, ...(additionalFields as JsonObject) };
    });
  });

function keyboard(source: Source): Json | undefined {
  const all = ["inlineKeyboard", "replyKeyboard", "replyKeyboardOptions", "forceReply", "replyKeyboardRemove"];
  source.ignore(...all);
  switch (source.text("replyMarkup", "none")) {
    case "inlineKeyboard":
      return { inline_keyboard: rowsOf(source, "inlineKeyboard") };
    case "replyKeyboard":
      return { keyboard: rowsOf(source, "replyKeyboard"), ...source.object("replyKeyboardOptions") };
    case "forceReply":
      return source.object("forceReply");
    case "replyKeyboardRemove":
      return source.object("replyKeyboardRemove");
    default:
      return undefined;
  }
}

/** What most messages may say beside their content. */
function sending(source: Source) {
  source.ignore(`${ADDITIONAL}.appendAttribution`);
  const reply = numeric(given(source, `${ADDITIONAL}.reply_to_message_id`));
  return {
    ...chat(source),
    parse_mode: given(source, `${ADDITIONAL}.parse_mode`),
    disable_notification: given(source, `${ADDITIONAL}.disable_notification`),
    message_thread_id: numeric(given(source, `${ADDITIONAL}.message_thread_id`)),
    reply_parameters: reply === undefined || reply === 0 ? undefined : { message_id: reply },
    reply_markup: keyboard(source),
  };
}

/** A text without a kind of markup is Markdown there. */
const withMarkdown = (shared: ReturnType<typeof sending>) => ({ ...shared, parse_mode: shared.parse_mode ?? "Markdown" });

const preview = (source: Source): Json | undefined => {
  const off = given(source, `${ADDITIONAL}.disable_web_page_preview`);
  return off === undefined ? undefined : { is_disabled: off };
};

const media =
  (kind: string) =>
  (source: Source): ServiceCall | string => {
    const { message_thread_id: topic, ...shared } = sending(source);
    const inputs = { ...shared, caption: given(source, `${ADDITIONAL}.caption`), message_thread_id: topic };
    source.ignore("binaryPropertyName", "file");
    if (!source.fixedFlag("binaryData")) {
      const { caption, parse_mode, ...bare } = inputs;
      return writes(`send-${kind}`, { [kind]: given(source, "file"), ...(kind === "sticker" ? bare : { ...bare, caption, parse_mode }) });
    }
    if (kind === "animation" || kind === "sticker") return `uploads a file as ${kind}, which has no counterpart`;
    source.ignore(`${ADDITIONAL}.fileName`);
    return writes(`upload-${kind}`, { file: source.text("binaryPropertyName", "data"), ...inputs });
  };

/** Telegram 1–1.2. */
export const telegram: NodeMapping = serviceNode(
  { key: "telegram", auth: "custom" },
  {
    "message:sendMessage": (source) =>
      writes("send-message", { text: given(source, "text"), ...withMarkdown(sending(source)), link_preview_options: preview(source) }),
    "message:editMessageText": (source) => {
      const inline = source.text("messageType", "message") === "inlineMessage";
      const { chat_id: chatId, parse_mode, reply_markup } = sending(source);
      const target = inline ? { inline_message_id: given(source, "inlineMessageId") } : { chat_id: chatId, ...messageId(source) };
      return writes("edit-message", {
        ...target,
        text: given(source, "text"),
        parse_mode,
        reply_markup,
        link_preview_options: preview(source),
      });
    },
    "message:deleteMessage": (source) => writes("delete-message", { ...chat(source), ...messageId(source) }),
    "message:pinChatMessage": (source) =>
      writes("pin-message", {
        ...chat(source),
        ...messageId(source),
        disable_notification: given(source, `${ADDITIONAL}.disable_notification`),
      }),
    "message:unpinChatMessage": (source) => writes("unpin-message", { ...chat(source), ...messageId(source) }),
    "message:sendPhoto": media("photo"),
    "message:sendDocument": media("document"),
    "message:sendVideo": media("video"),
    "message:sendAudio": media("audio"),
    "message:sendAnimation": media("animation"),
    "message:sendSticker": media("sticker"),
    "message:sendLocation": (source) => {
      const { parse_mode: _, ...shared } = sending(source);
      return writes("send-location", { ...shared, latitude: given(source, "latitude") ?? 0, longitude: given(source, "longitude") ?? 0 });
    },
    "message:sendChatAction": (source) => {
      const action = source.text("action", "typing");
      if (action.startsWith("record_audio") || action === "upload_audio")
        source.changed("action", "Telegram calls it voice instead of audio now");
      return writes("send-chat-action", { ...chat(source), action: action.replace(/_audio$/, "_voice") });
    },
    "message:sendMediaGroup": (source) => {
      const { chat_id: chatId, disable_notification, message_thread_id, reply_parameters } = sending(source);
      const entries = source.list("media.media").map(
        ({ type = "photo", media: address = "", additionalFields = {} }): JsonObject => ({
          type,
          media: address,
          ...(additionalFields as JsonObject),
        }),
      );
      return writes("send-media-group", { chat_id: chatId, media: entries, disable_notification, message_thread_id, reply_parameters });
    },
    "chat:get": (source) => reads("get-chat", chat(source)),
    "chat:administrators": (source) => reads("list-administrators", chat(source)),
    "chat:member": (source) => reads("get-member", { ...chat(source), user_id: numeric(given(source, "userId")) }),
    "chat:leave": (source) => writes("leave-chat", chat(source)),
    "chat:setTitle": (source) => writes("set-chat-title", { ...chat(source), title: given(source, "title") }),
    "chat:setDescription": (source) => writes("set-chat-description", { ...chat(source), description: given(source, "description") }),
    "callback:answerQuery": (source) =>
      writes("answer-callback-query", {
        callback_query_id: given(source, "queryId"),
        text: given(source, `${ADDITIONAL}.text`),
        show_alert: given(source, `${ADDITIONAL}.show_alert`),
        url: given(source, `${ADDITIONAL}.url`),
        cache_time: given(source, `${ADDITIONAL}.cache_time`),
      }),
    "file:get": (source) => {
      source.ignore(`${ADDITIONAL}.mimeType`);
      if (source.fixedFlag("download", true))
        source.missing("download", 'the file is not downloaded; put the action "Download file" after it');
      return reads("get-file", { file_id: given(source, "fileId") });
    },
  },
  { resource: "message", operation: { message: "sendMessage", chat: "get", callback: "answerQuery", file: "get" } },
);
