import type { Json } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, listed, listing, reads, type ServiceCall, serviceNode, writes } from "./action-node";

/** What is written: text or HTML, to whom, with which files of the item. */
function mail(source: Source, fallback: "html" | "text") {
  source.ignore("options.appendAttribution");
  const kind = source.text("emailType", fallback);
  const files = source.list("options.attachmentsUi.attachmentsBinary").flatMap(({ property = "data" }) => String(property).split(","));
  const [attachment, second, third, ...more] = files.map((name) => name.trim()).filter((name) => name !== "");
  if (more.length > 0) source.missing("options.attachmentsUi", "only three files can be attached");
  if (source.has("options.senderName")) source.missing("options.senderName", "the name of the account is used");
  return {
    subject: given(source, "subject"),
    [kind === "html" ? "html" : "text"]: given(source, "message"),
    cc: given(source, "options.ccList"),
    bcc: given(source, "options.bccList"),
    reply_to: given(source, "options.replyTo"),
    attachment,
    attachment_2: second,
    attachment_3: third,
  };
}

/** The filters as Gmail's search has them. */
export function search(source: Source): Record<string, Json | undefined> {
  const words: string[] = [];
  const add = (path: string, write: (value: string) => string): void => {
    const value = source.get(path);
    if (value !== undefined && value !== null && value !== "") words.push(write(String(value).replace(/^=/, "")));
  };
  const paths = ["q", "sender", "receivedAfter", "receivedBefore"].map((name) => `filters.${name}`);
  const hasExpression = paths.some((path) => String(source.get(path) ?? "").startsWith("="));
  add("filters.q", (value) => value);
  add("filters.sender", (value) => `from:(${value})`);
  const day = (word: string) => (value: string) =>
    /^\d{4}-\d{2}-\d{2}/.test(value) ? `${word}:${value.slice(0, 10).replaceAll("-", "/")}` : `${word}:${value}`;
  add("filters.receivedAfter", day("after"));
  add("filters.receivedBefore", day("before"));
  if (hasExpression && (source.has("filters.receivedAfter") || source.has("filters.receivedBefore")))
    source.changed("filters", "days in the search have to be seconds since 1970, or written 2026/01/31");
  const read = source.text("filters.readStatus", "both");
  if (read === "read" || read === "unread") words.push(`is:${read}`);
  const q = words.join(" ");
  return {
    q: q === "" ? undefined : hasExpression ? `=${q}` : q,
    label_ids: listed(source, "filters.labelIds"),
    include_spam_trash: given(source, "filters.includeSpamTrash"),
  };
}

function found(source: Source, action: string): ServiceCall {
  const { inputs, parameters } = listing(source, "max_results", 500);
  source.ignore("options.dataPropertyAttachmentsPrefixName", "simple");
  source.changed(null, "gives ids; get each message or thread for more");
  return reads(action, { ...search(source), ...inputs }, parameters);
}

const messageId = (source: Source) => ({ message_id: given(source, "messageId") });
const threadId = (source: Source) => ({ thread_id: given(source, "threadId") });

function get(source: Source, call: ServiceCall): ServiceCall {
  source.ignore("options.dataPropertyAttachmentsPrefixName", "simple", "options.format");
  if (source.fixedFlag("options.downloadAttachments")) source.missing("options.downloadAttachments", "attachments are got one by one");
  source.changed(null, "gives the message as Gmail's API does");
  return call;
}

/** There the address, subject and thread are looked up; here whatever the message's id is read from has to be the message. */
function answering(source: Source) {
  const [, message = "$json"] = /^=\{\{\s*(.+?)\.id\s*\}\}$/.exec(source.text("messageId")) ?? [];
  source.changed("messageId", `answers ${message === "$json" ? "the item" : message}, which must be a message as Gmail gives it`);
  const header = (name: string): string => `${message}.payload.headers.find((header) => header.name.toLowerCase() === "${name}")?.value`;
  return {
    thread_id: `={{ ${message}.threadId }}`,
    to: `={{ ${header("from")} }}`,
    subject: `={{ "Re: " + (${header("subject")} ?? "").replace(/^Re: /i, "") }}`,
    in_reply_to: `={{ ${header("message-id")} }}`,
  };
}

function reply(source: Source): ServiceCall {
  source.ignore("options.replyToSenderOnly", "options.replyToRecipientsOnly");
  const { reply_to: _, subject: __, ...written } = mail(source, "html");
  return writes("reply", { ...answering(source), ...written });
}

/** Gmail 2–2.2. */
const current = serviceNode(
  { key: "gmail", auth: "oauth2" },
  {
    "message:send": (source) => writes("send-message", { to: given(source, "sendTo"), ...mail(source, "html") }),
    "message:get": (source) => get(source, reads("get-message", { ...messageId(source), format: "full" })),
    "message:getAll": (source) => found(source, "list-messages"),
    "message:reply": reply,
    "message:delete": (source) => {
      source.changed("operation", "goes to the trash instead of being deleted for good");
      return writes("trash-message", messageId(source));
    },
    "message:markAsRead": (source) => writes("mark-as-read", messageId(source)),
    "message:markAsUnread": (source) => writes("mark-as-unread", messageId(source)),
    "message:addLabels": (source) => writes("change-labels", { ...messageId(source), add_label_ids: listed(source, "labelIds") }),
    "message:removeLabels": (source) => writes("change-labels", { ...messageId(source), remove_label_ids: listed(source, "labelIds") }),
    "thread:get": (source) => {
      source.ignore("options.returnOnlyMessages");
      return get(source, reads("get-thread", { ...threadId(source), format: "full" }));
    },
    "thread:getAll": (source) => found(source, "list-threads"),
    "thread:addLabels": (source) => writes("change-thread-labels", { ...threadId(source), add_label_ids: listed(source, "labelIds") }),
    "thread:removeLabels": (source) =>
      writes("change-thread-labels", { ...threadId(source), remove_label_ids: listed(source, "labelIds") }),
    "thread:delete": (source) => {
      source.changed("operation", "goes to the trash instead of being deleted for good");
      return writes("trash-thread", threadId(source));
    },
    "thread:reply": (source) => {
      const { inputs, ...call } = reply(source);
      return { ...call, inputs: { ...inputs, ...threadId(source) } };
    },
    "thread:trash": (source) => writes("trash-thread", threadId(source)),
    "thread:untrash": (source) => writes("untrash-thread", threadId(source)),
    "draft:create": (source) => {
      const { reply_to: _, ...written } = { ...mail(source, "text") };
      const to = given(source, "options.sendTo");
      return to === undefined
        ? "creates a draft without an address, which has no counterpart"
        : writes("create-draft", {
            to,
            ...written,
            thread_id: given(source, "options.threadId"),
            from: given(source, "options.fromAlias"),
          });
    },
    "draft:get": (source) => get(source, reads("get-draft", { draft_id: given(source, "messageId"), format: "full" })),
    "draft:delete": (source) => writes("delete-draft", { draft_id: given(source, "messageId") }),
    "draft:getAll": (source) => {
      const { inputs, parameters } = listing(source, "max_results", 500);
      source.ignore("options.dataPropertyAttachmentsPrefixName", "options.downloadAttachments");
      return reads("list-drafts", inputs, parameters);
    },
    "label:create": (source) =>
      writes("create-label", {
        name: given(source, "name"),
        label_list_visibility: given(source, "options.labelListVisibility"),
        message_list_visibility: given(source, "options.messageListVisibility"),
      }),
    "label:get": (source) => reads("get-label", { label_id: given(source, "labelId") }),
    "label:delete": (source) => writes("delete-label", { label_id: given(source, "labelId") }),
    "label:getAll": (source) => {
      source.ignore("returnAll", "limit");
      return reads("list-labels");
    },
  },
  { resource: "message", operation: { message: "send", label: "getAll", draft: "create", thread: "getAll" } },
);

/** A list of addresses, or a text with them. */
const addresses = (source: Source, path: string): Json | undefined => {
  const value = source.get(path);
  return Array.isArray(value) ? value.join(", ") : (value ?? undefined);
};

function firstMail(source: Source) {
  const files = source.list("additionalFields.attachmentsUi.attachmentsBinary").map(({ property = "data" }) => String(property));
  const [attachment, second, third] = files.flatMap((names) => names.split(",")).map((name) => name.trim());
  if (source.has("additionalFields.senderName")) source.missing("additionalFields.senderName", "the name of the account is used");
  const html = source.fixedFlag("includeHtml");
  source.ignore(html ? "message" : "htmlMessage");
  return {
    subject: given(source, "subject"),
    ...(html ? { html: given(source, "htmlMessage") } : { text: given(source, "message") }),
    cc: addresses(source, "additionalFields.ccList"),
    bcc: addresses(source, "additionalFields.bccList"),
    attachment,
    attachment_2: second,
    attachment_3: third,
  };
}

function firstFound(source: Source, action: string): ServiceCall {
  const { inputs, parameters } = listing(source, "max_results", 500, { fallback: 10 });
  source.ignore("additionalFields.format", "additionalFields.dataPropertyAttachmentsPrefixName");
  source.changed(null, "gives ids; get each message for more");
  const filters = {
    q: given(source, "additionalFields.q"),
    label_ids: listed(source, "additionalFields.labelIds"),
    include_spam_trash: given(source, "additionalFields.includeSpamTrash"),
  };
  return reads(action, { ...(action === "list-messages" && filters), ...inputs }, parameters);
}

const whole = (source: Source, call: ServiceCall): ServiceCall => {
  source.ignore("additionalFields.dataPropertyAttachmentsPrefixName", "additionalFields.format");
  source.changed(null, "gives the message as Gmail's API does");
  return call;
};

/** Gmail 1. */
const first = serviceNode(
  { key: "gmail", auth: "oauth2" },
  {
    "message:send": (source) => writes("send-message", { to: addresses(source, "toList"), ...firstMail(source) }),
    "message:reply": (source) => {
      source.ignore("subject", "toList");
      const { subject: _, ...written } = firstMail(source);
      return writes("reply", { ...answering(source), ...threadId(source), ...written });
    },
    "message:get": (source) => whole(source, reads("get-message", { ...messageId(source), format: "full" })),
    "message:getAll": (source) => firstFound(source, "list-messages"),
    "message:delete": (source) => {
      source.changed("operation", "goes to the trash instead of being deleted for good");
      return writes("trash-message", messageId(source));
    },
    "draft:create": (source) => {
      const to = addresses(source, "additionalFields.toList");
      return to === undefined
        ? "creates a draft without an address, which has no counterpart"
        : writes("create-draft", { to, ...firstMail(source) });
    },
    "draft:get": (source) => whole(source, reads("get-draft", { draft_id: given(source, "messageId"), format: "full" })),
    "draft:delete": (source) => writes("delete-draft", { draft_id: given(source, "messageId") }),
    "draft:getAll": (source) => firstFound(source, "list-drafts"),
    "label:create": (source) =>
      writes("create-label", {
        name: given(source, "name"),
        label_list_visibility: given(source, "labelListVisibility"),
        message_list_visibility: given(source, "messageListVisibility"),
      }),
    "label:get": (source) => reads("get-label", { label_id: given(source, "labelId") }),
    "label:delete": (source) => writes("delete-label", { label_id: given(source, "labelId") }),
    "label:getAll": (source) => {
      source.ignore("returnAll", "limit");
      return reads("list-labels");
    },
    "messageLabel:add": (source) => writes("change-labels", { ...messageId(source), add_label_ids: listed(source, "labelIds") }),
    "messageLabel:remove": (source) => writes("change-labels", { ...messageId(source), remove_label_ids: listed(source, "labelIds") }),
  },
  { resource: "draft", operation: { message: "send", label: "create", draft: "create", messageLabel: "add" } },
);

export const gmail: NodeMapping = (source) => (source.version < 2 ? first : current)(source);
