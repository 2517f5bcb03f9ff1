import type { JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

const FIELD_TYPES: Readonly<Record<string, string>> = {
  text: "text",
  textarea: "textarea",
  number: "number",
  email: "email",
  password: "password",
  date: "date",
  dropdown: "dropdown",
  checkbox: "checkbox",
  radio: "radio",
  file: "file",
  hiddenField: "hidden",
  html: "html",
};

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

function optionsOf({ fieldOptions }: JsonObject): string {
  const values = typeof fieldOptions === "object" && fieldOptions !== null && !Array.isArray(fieldOptions) ? fieldOptions.values : [];
  if (!Array.isArray(values)) return "";
  return values
    .flatMap((value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? [text(value.option)] : []))
    .join("\n");
}

function fieldOf(source: Source, field: JsonObject, index: number): JsonObject {
  const given = text(field.fieldType) || "text";
  const type = FIELD_TYPES[given];
  if (!type) source.missing(`formFields.values[${index}]`, `the kind of field "${given}" has no counterpart; a text is used`);
  const several = field.multiselect === true || field.multipleFiles === true;
  const label = text(field.fieldLabel) || text(field.elementName);
  // Without markup: the page shows texts only.
  const words = text(field.html)
    .replace(/<[^>]*>/g, " ")
    .trim();
  return {
    label,
    ...(field.fieldName !== undefined && { name: text(field.fieldName) }),
    type: type === "dropdown" && several ? "checkbox" : (type ?? "text"),
    placeholder: text(field.placeholder),
    value: given === "html" ? words : given === "hiddenField" ? text(field.fieldValue) : text(field.defaultValue),
    options: optionsOf(field),
    multiple: type === "file" && field.multipleFiles !== false,
    accept: text(field.acceptFileTypes),
    required: field.requiredField === true,
  };
}

/** Form Trigger 1–2.3. */
export const formTrigger: NodeMapping = (source): Mapped => {
  source.ignore("path", "options.path", "options.ignoreBots", "options.useWorkflowTimezone", "options.customCss");
  source.ignore("options.appendAttribution", "appendAttribution");
  const authentication = source.option("authentication", { none: "none", basicAuth: "basic" }, "none");
  if (authentication === "basic") source.missing("authentication", "its password is not part of the export: set it in the node");
  const response = source.object("options.respondWithOptions.values");
  const redirects = response.respondWith === "redirect";
  const parameters: JsonObject = {
    title: source.text("formTitle", "Form"),
    description: source.text("formDescription"),
    fields: source.list("formFields.values").map((field, index) => fieldOf(source, field, index)),
    buttonLabel: source.text("options.buttonLabel", "Submit"),
    responseMode: source.option("responseMode", { onReceived: "submitted", lastNode: "lastNode", responseNode: "lastNode" }, "onReceived"),
    respondWith: redirects ? "redirect" : "text",
    ...(redirects ? { redirectUrl: text(response.redirectUrl) } : {}),
    ...(response.formSubmittedText !== undefined && { responseText: text(response.formSubmittedText) }),
    authentication,
  };
  source.ignore("options.formSubmittedText");
  return { type: "form-trigger", parameters, inputs: [] };
};

/** Chat Trigger 1–1.3, of n8n's LangChain package. */
export const chatTrigger: NodeMapping = (source): Mapped => {
  source.ignore("public", "mode", "options.inputFieldPlaceholder", "options.getStarted", "options.showWelcomeScreen", "options.customCss");
  source.ignore("options.allowedOrigins", "options.loadPreviousSession", "options.allowFileUploads", "options.allowedFilesMimeTypes");
  const authentication = source.option("authentication", { none: "none", basicAuth: "basic", n8nUserAuth: "none" }, "none");
  if (authentication === "basic") source.missing("authentication", "its password is not part of the export: set it in the node");
  const mode = { lastNode: "lastNode", responseNode: "respondNode", responseNodes: "respondNode", streaming: "lastNode" };
  return {
    type: "chat-trigger",
    parameters: {
      title: source.text("options.title", "Chat"),
      subtitle: source.text("options.subtitle"),
      welcome: source.text("initialMessages", "Hello! How can I help?"),
      responseMode: source.option("options.responseMode", mode, "lastNode"),
      authentication,
    },
    inputs: [],
  };
};
