import type { JsonObject } from "../../item";
import type { NodeMapping } from "../source";
import { given, prefixed, serviceMapping, write } from "./actions";

export const linkedIn = serviceMapping({
  tool: "linkedin",
  auth: "oauth2",
  resource: "post",
  operation: { post: "create" },
  calls: {
    "post:create": (source) => {
      const media = source.text("shareMediaCategory", "NONE");
      if (media !== "NONE" && media !== "ARTICLE") return `posts with media of the kind "${media}", which has no counterpart`;
      if (source.has("additionalFields.thumbnailBinaryPropertyName"))
        source.missing("additionalFields.thumbnailBinaryPropertyName", "the link is posted without a picture");
      const as = source.text("postAs", "person");
      const inputs = {
        author: prefixed(`urn:li:${as}:`, source.text(as)),
        ...given(source, { text: "commentary", "additionalFields.visibility": "visibility" }),
      };
      if (media === "NONE") {
        source.ignore("additionalFields.title", "additionalFields.description", "additionalFields.originalUrl");
        return write("create-post", inputs);
      }
      const link = {
        "additionalFields.originalUrl": "source",
        "additionalFields.title": "title",
        "additionalFields.description": "description",
      };
      return write("create-article-post", { ...inputs, ...given(source, link) });
    },
  },
});

/** Calls of any address of Facebook's: not an action, but a request with the credential. */
export const facebookGraphApi: NodeMapping = (source) => {
  const version = source.text("graphApiVersion");
  const method = source.option("httpRequestMethod", { GET: "GET", POST: "POST", DELETE: "DELETE" }, "GET");
  const parts = [version, source.text("node"), source.text("edge")].filter((part) => part !== "");
  const isExpression = parts.some((part) => part.startsWith("="));
  const path = parts.map((part) => part.replace(/^=/, "")).join("/");
  const host = source.text("hostUrl", "graph.facebook.com");
  const fields = source.list("options.fields.field").map(({ name }) => String(name ?? ""));
  const joined = fields.map((name) => name.replace(/^=/, "")).join(",");
  const value = fields.some((name) => name.startsWith("=")) ? `=${joined}` : joined;
  const query: JsonObject[] = [
    ...(fields.length > 0 ? [{ name: "fields", value }] : []),
    ...source
      .list("options.queryParameters.parameter")
      .map(({ name, value: given }): JsonObject => ({ name: name ?? "", value: given ?? "" })),
  ];
  if (source.fixedFlag("sendBinaryData")) {
    return { type: "no-op", parameters: {}, placeholder: "sends files, which has no counterpart" };
  }
  source.ignore("authType", "binaryPropertyName");
  const json = source.text("options.queryParametersJson");
  const used = Object.keys(source.node.credentials ?? {}).find((type) => type.startsWith("facebookGraphApi"));
  return {
    type: "http-request",
    parameters: {
      method,
      url: `${isExpression ? "=" : ""}https://${host}/${path}`,
      authentication: "credential",
      ...(json !== "" && json !== "{}" ? { queryFormat: "json", queryJson: json } : { query }),
      ignoreTlsErrors: source.flag("allowUnauthorizedCerts"),
    },
    credentials: { credential: used ?? "facebookGraphApi" },
  };
};
