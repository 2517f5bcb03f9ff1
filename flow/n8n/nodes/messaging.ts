import type { JsonObject } from "../../item";
import type { Source } from "../source";
import { given, keyValues, listed, read, serviceMapping, write } from "./actions";

/** Text as XML has it; an expression has its values escaped where they are put in. */
const escaped = (text: string): string =>
  text.startsWith("=")
    ? text.replaceAll(
        /\{\{([\s\S]*?)\}\}/g,
        (_, inner: string) => `{{ String(${inner.trim()}).replaceAll("&", "&amp;").replaceAll("<", "&lt;") }}`,
      )
    : text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function spoken(message: string): string {
  const text = escaped(message);
  return text.startsWith("=") ? `=<Response><Say>${text.slice(1)}</Say></Response>` : `<Response><Say>${text}</Say></Response>`;
}

const status = { "options.statusCallback": "StatusCallback" };

export const twilio = serviceMapping({
  tool: "twilio",
  auth: "basic",
  resource: "sms",
  operation: { sms: "send", call: "make" },
  calls: {
    "sms:send": (source) =>
      write(
        source.fixedFlag("toWhatsapp") ? "send-whatsapp" : "send-sms",
        given(source, { to: "To", from: "From", message: "Body", ...status }),
      ),
    "call:make": (source) => {
      const message = source.text("message");
      const Twiml = source.fixedFlag("twiml") ? message : spoken(message);
      return write("make-call", { ...given(source, { to: "To", from: "From", ...status }), Twiml });
    },
  },
});

const people = (source: Source): JsonObject =>
  given(source, {
    fromEmail: "from",
    fromName: "from_name",
    toEmail: "to",
    "additionalFields.ccEmail": "cc",
    "additionalFields.bccEmail": "bcc",
    "additionalFields.replyToEmail": "reply_to",
    "additionalFields.enableSandbox": "sandbox",
  });

function categories(source: Source): JsonObject {
  const text = source.text("additionalFields.categories");
  if (text === "") return {};
  const list = (each: string): string[] => each.split(",").map((part) => part.trim());
  return { categories: text.startsWith("=") ? text : list(text) };
}

export const sendGrid = serviceMapping({
  tool: "sendgrid",
  auth: "bearer",
  resource: "list",
  operation: { list: "create", contact: "upsert", mail: "send" },
  calls: {
    "mail:send": (source) => {
      const isTemplate = source.fixedFlag("dynamicTemplate");
      const envelope = { ...people(source), ...categories(source) };
      const attachments = source.text("additionalFields.attachments");
      if (isTemplate) {
        if (attachments !== "") source.missing("additionalFields.attachments", "a template is sent without files");
        const data = keyValues(source, "dynamicTemplateFields.fields");
        return write("send-template", { ...envelope, ...given(source, { templateId: "template_id" }), ...(data && { data }) });
      }
      const content = {
        ...given(source, { subject: "subject", contentValue: "content" }),
        content_type: source.text("contentType", "text/plain"),
      };
      if (attachments === "") return write("send-email", { ...envelope, ...content });
      if (attachments.includes(",")) return "sends several files, which has no counterpart";
      const name = attachments.startsWith("=") ? "attachment" : `={{ $binary["${attachments}"].fileName }}`;
      return write("send-email-with-file", { ...envelope, ...content, file: attachments, file_name: name });
    },
    "list:create": (source) => write("create-list", given(source, { name: "name" })),
    "list:delete": (source) => write("delete-list", given(source, { listId: "id", deleteContacts: "delete_contacts" })),
    "list:get": (source) => read("get-list", given(source, { listId: "id", contactSample: "contact_sample" })),
    "list:getAll": (source) => listed(source, "list-lists", { name: "page_size", most: 1000, usual: 100 }),
    "list:update": (source) => write("update-list", given(source, { listId: "id", name: "name" })),
    "contact:delete": (source) =>
      source.fixedFlag("deleteAll")
        ? "deletes all contacts, which has no counterpart"
        : write("delete-contacts", given(source, { ids: "ids" })),
    "contact:get": (source) => {
      if (source.text("by", "id") === "id") return read("get-contact", given(source, { contactId: "id" }));
      const address = source.text("email");
      const query = address.startsWith("=") ? `=email LIKE '${address.slice(1)}'` : `email LIKE '${address}'`;
      return read("search-contacts", { query });
    },
    "contact:getAll": (source) => {
      source.ignore("returnAll", "limit");
      const query = source.text("filters.query");
      source.changed(null, query === "" ? "gives the latest 50 contacts" : "gives the first 50 contacts that fit");
      return query === "" ? read("list-contacts") : read("search-contacts", { query });
    },
    "contact:upsert": (source) => {
      const lists = source.get("additionalFields.listIdsUi.listIdValues.listIds");
      const custom = keyValues(source, "additionalFields.customFieldsUi.customFieldValues", "fieldId", "fieldValue");
      const others = source.text("additionalFields.alternateEmails");
      return write("upsert-contact", {
        ...given(source, {
          email: "email",
          "additionalFields.firstName": "first_name",
          "additionalFields.lastName": "last_name",
          "additionalFields.city": "city",
          "additionalFields.country": "country",
          "additionalFields.postalCode": "postal_code",
          "additionalFields.stateProvinceRegion": "state_province_region",
          "additionalFields.addressUi.addressValues.address1": "address_line_1",
          "additionalFields.addressUi.addressValues.address2": "address_line_2",
        }),
        ...(others !== "" && { alternate_emails: others.startsWith("=") ? others : others.split(",").map((each) => each.trim()) }),
        ...(custom && { custom_fields: custom }),
        ...(Array.isArray(lists) && lists.length > 0 && { list_ids: lists }),
      });
    },
  },
});
