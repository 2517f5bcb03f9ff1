import type { Json, JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";

const METHODS: readonly Json[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

/** Webhook 1–2.1. Calls come to another URL here: it is the flow's own. */
export const webhook: NodeMapping = (source) => {
  const given = source.value("httpMethod", "GET");
  const methods = (Array.isArray(given) ? given : [given]).filter((method) => METHODS.includes(method));
  if (methods.length === 0) source.missing("httpMethod", `${JSON.stringify(given)} has no counterpart; GET is used`);
  const outputPerMethod = source.fixedFlag("multipleMethods") && methods.length > 1;
  source.ignore("options.ignoreBots");
  const path = source.text("path");
  // A path without parameters was all there was to tell webhooks apart; here each has a URL of its own.
  const hasParameters = /(^|\/):[A-Za-z_]/.test(path);
  source.changed("path", `the URL that ended in "${path}" is another one here: give it to those who call it`);
  const authentication = source.option(
    "authentication",
    { none: "none", basicAuth: "basic", headerAuth: "header", jwtAuth: "jwt" },
    "none",
  );
  if (authentication !== "none") source.missing("authentication", "its secret is not part of the export: set it in the node");
  return {
    type: "webhook-trigger",
    parameters: {
      methods: methods.length > 0 ? methods : ["GET"],
      ...(outputPerMethod && { outputPerMethod }),
      ...(hasParameters && { path }),
      responseMode: source.option(
        "responseMode",
        { onReceived: "immediately", lastNode: "lastNode", responseNode: "respondNode" },
        "onReceived",
      ),
      responseData: source.fixedFlag("options.noResponseBody")
        ? "noBody"
        : source.option("responseData", { firstEntryJson: "firstItem", allEntries: "allItems", noData: "noBody" }, "firstEntryJson"),
      responseCode: responseCode(source),
      authentication,
      rawBody: source.fixedFlag("options.rawBody"),
      allowedOrigins: source.text("options.allowedOrigins"),
      responseHeaders: source
        .list("options.responseHeaders.entries")
        .map(({ name, value }): JsonObject => ({ name: name ?? "", value: value ?? "" })),
    },
    inputs: [],
    ...(outputPerMethod && { outputs: methods.map((method) => String(method).toLowerCase()) }),
  };
};

/** Version 1 had the code beside the other parameters, version 2 among the options. */
function responseCode(source: Source): Json {
  const custom = source.get("options.responseCode.values.customCode");
  const chosen = source.get("options.responseCode.values.responseCode");
  const value = chosen === "customCode" ? custom : chosen;
  return typeof value === "number" ? value : source.number("responseCode", 200);
}
