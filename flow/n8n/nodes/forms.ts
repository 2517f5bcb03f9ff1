import { fieldOfN8n } from "../../forms/n8n-field";
import type { JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";
import { waitLimit } from "./wait-limit";

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** The fields of a form or of a page of it. */
function fieldsOf(source: Source): JsonObject[] {
  return source.list("formFields.values").map((given, index) => {
    const { field, unknownType } = fieldOfN8n(given);
    if (unknownType !== undefined) {
      source.missing(`formFields.values[${index}]`, `the kind of field "${unknownType}" has no counterpart; a text is used`);
    }
    return { ...field };
  });
}

/** What a form says once it was sent. */
function response(source: Source): JsonObject {
  const given = source.object("options.respondWithOptions.values");
  const redirects = given.respondWith === "redirect";
  return {
    respondWith: redirects ? "redirect" : "text",
    ...(redirects ? { redirectUrl: text(given.redirectUrl) } : {}),
    ...(given.formSubmittedText !== undefined && { responseText: text(given.formSubmittedText) }),
  };
}

const RESPOND = { onReceived: "submitted", lastNode: "lastNode", responseNode: "lastNode" };

/** Form Trigger 1–2.3. */
export const formTrigger: NodeMapping = (source): Mapped => {
  source.ignore("path", "options.path", "options.ignoreBots", "options.useWorkflowTimezone", "options.customCss");
  source.ignore("options.appendAttribution", "appendAttribution");
  const authentication = source.option("authentication", { none: "none", basicAuth: "basic" }, "none");
  if (authentication === "basic") source.missing("authentication", "its password is not part of the export: set it in the node");
  const parameters: JsonObject = {
    title: source.text("formTitle", "Form"),
    description: source.text("formDescription"),
    fields: fieldsOf(source),
    buttonLabel: source.text("options.buttonLabel", "Submit"),
    responseMode: source.option("responseMode", RESPOND, "onReceived"),
    ...response(source),
    authentication,
  };
  source.ignore("options.formSubmittedText");
  return { type: "form-trigger", parameters, inputs: [] };
};

/** The form of Wait 1–1.1, as its parameters. */
export function waitForm(source: Source): JsonObject {
  source.ignore(
    "options.webhookSuffix",
    "options.ignoreBots",
    "options.customCss",
    "options.appendAttribution",
    "options.formSubmittedText",
  );
  if (source.option("incomingAuthentication", { none: false, basicAuth: true }, "none")) {
    source.note("incomingAuthentication", "the form's address is signed instead: only who was given it can open it");
  }
  return {
    formTitle: source.text("formTitle", "Form"),
    formDescription: source.text("formDescription"),
    fields: fieldsOf(source),
    buttonLabel: source.text("options.buttonLabel", "Submit"),
    formRespond: source.option("responseMode", RESPOND, "onReceived"),
    ...response(source),
  };
}

/** Form 1–2.3: a page after the first, or the end of the form. */
export const form: NodeMapping = (source): Mapped => {
  source.ignore("options.customCss", "options.appendAttribution");
  if (source.option("operation", { page: "page", completion: "ending" }, "page") === "ending") {
    const endWith = source.option("respondWith", { text: "text", redirect: "redirect", showText: "html", returnBinary: "file" }, "text");
    const parameters: JsonObject = {
      operation: "ending",
      endWith,
      ...(endWith === "redirect" && { redirectUrl: source.text("redirectUrl") }),
      ...(endWith === "html" && { html: source.text("responseText") }),
      ...(endWith === "file" && { fileField: source.text("inputDataFieldName", "data") }),
      ...((endWith === "text" || endWith === "file") && {
        endTitle: source.text("completionTitle"),
        endText: source.text("completionMessage"),
      }),
    };
    source.ignore("options.formTitle", "limitWaitTime");
    return { type: "form", parameters };
  }
  const fromJson = source.option("defineForm", { fields: false, json: true }, "fields");
  return {
    type: "form",
    parameters: {
      operation: "page",
      title: source.text("options.formTitle"),
      description: source.text("options.formDescription"),
      buttonLabel: source.text("options.buttonLabel", "Submit"),
      ...(fromJson ? { fieldsFrom: "json", fieldsJson: source.value("jsonOutput", "[]") } : { fields: fieldsOf(source) }),
      ...waitLimit(source),
    },
  };
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
