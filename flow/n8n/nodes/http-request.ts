import type { JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";

/** HTTP Request 1–4.2. */
export const httpRequest: NodeMapping = (source) => ({
  type: "http-request",
  parameters: source.version >= 3 ? current(source) : legacy(source),
  ...credentialOf(source),
});

const METHODS = { GET: "GET", POST: "POST", PUT: "PUT", PATCH: "PATCH", DELETE: "DELETE", HEAD: "HEAD", OPTIONS: "OPTIONS" };

export const pairs = (list: JsonObject[]): JsonObject[] =>
  list.filter(({ name }) => name !== undefined && name !== "").map(({ name, value }) => ({ name: name ?? "", value: value ?? "" }));

/** The method may be an expression. */
function method(source: Source, path: string): string {
  const value = source.text(path, "GET");
  return value.startsWith("=") ? value : source.option(path, METHODS, "GET");
}

/** Up to version 2 the kind of authentication, afterwards another parameter, says which of the node's credentials is meant. */
const LEGACY_TYPES: Readonly<Record<string, string>> = {
  basicAuth: "httpBasicAuth",
  customAuth: "httpCustomAuth",
  digestAuth: "httpDigestAuth",
  headerAuth: "httpHeaderAuth",
  queryAuth: "httpQueryAuth",
  oAuth1: "oAuth1Api",
  oAuth2: "oAuth2Api",
};

function credentialType(source: Source): string | undefined {
  const kind = source.text("authentication", "none");
  if (kind === "" || kind === "none") {
    source.ignore("genericAuthType", "nodeCredentialType");
    return undefined;
  }
  const chosen = kind === "genericCredentialType" ? source.text("genericAuthType") : source.text("nodeCredentialType");
  return LEGACY_TYPES[kind] ?? (chosen || kind);
}

export const credentialOf = (source: Source): Pick<Mapped, "credentials"> => {
  const type = credentialType(source);
  return type === undefined ? {} : { credentials: { credential: type } };
};

export const authentication = (source: Source): JsonObject =>
  credentialType(source) === undefined ? {} : { authentication: "credential" };

function current(source: Source): Mapped["parameters"] {
  if (source.fixedFlag("provideSslCertificates")) source.missing("provideSslCertificates", "client certificates have no counterpart yet");
  source.ignore("sendQuery", "sendHeaders", "sendBody", "curlImport", "infoMessage");
  const parameters: JsonObject = { method: method(source, "method"), url: source.text("url"), ...authentication(source) };
  if (source.fixedFlag("sendQuery")) Object.assign(parameters, keyed(source, "query", "specifyQuery", "queryParameters", "jsonQuery"));
  if (source.fixedFlag("sendHeaders"))
    Object.assign(parameters, keyed(source, "headers", "specifyHeaders", "headerParameters", "jsonHeaders"));
  else source.ignore("specifyHeaders", "headerParameters", "jsonHeaders");
  if (!source.fixedFlag("sendQuery")) source.ignore("specifyQuery", "queryParameters", "jsonQuery");
  if (source.fixedFlag("sendBody")) Object.assign(parameters, currentBody(source));
  else source.ignore("contentType", "specifyBody", "bodyParameters", "jsonBody", "body", "rawContentType", "inputDataFieldName");
  return { ...parameters, ...currentOptions(source) };
}

function keyed(source: Source, ours: string, how: string, list: string, json: string): JsonObject {
  if (source.option(how, { keypair: false, json: true }, "keypair"))
    return { [`${ours}Format`]: "json", [`${ours}Json`]: source.value(json, "{}") };
  return { [ours]: pairs(source.list(`${list}.parameters`)) };
}

function currentBody(source: Source): JsonObject {
  const body = source.option(
    "contentType",
    { json: "json", "form-urlencoded": "form", "multipart-form-data": "multipart", binaryData: "binary", raw: "raw" },
    "json",
  );
  if (body === "binary") return { body, bodyFile: source.text("inputDataFieldName", "data") };
  if (body === "raw") return { body, bodyText: source.text("body"), bodyContentType: source.text("rawContentType") };
  const how = source.option("specifyBody", { keypair: "keypair", json: "json", string: "string" }, "keypair");
  if (body !== "multipart" && how === "json") return { body, bodyFormat: "json", bodyJson: source.value("jsonBody", "{}") };
  if (body !== "multipart" && how === "string") {
    return { body: "raw", bodyText: source.text("body"), bodyContentType: "application/x-www-form-urlencoded" };
  }
  const bodyFields = source
    .list("bodyParameters.parameters")
    .map(
      ({ name, value, parameterType, inputDataFieldName }): JsonObject =>
        parameterType === "formBinaryData"
          ? { name: name ?? "", type: "file", file: inputDataFieldName ?? "data" }
          : { name: name ?? "", value: value ?? "" },
    );
  return { body, bodyFields };
}

function currentOptions(source: Source): JsonObject {
  const response = "options.response.response";
  const arrays = source.get("options.queryParameterArrays");
  const redirect = "options.redirect.redirect";
  if (source.has("options.proxy")) source.missing("options.proxy", "requests are sent without the proxy");
  return {
    ...pagination(source),
    ...(arrays !== undefined && {
      queryArrays: source.option(
        "options.queryParameterArrays",
        { brackets: "brackets", repeat: "repeat", indices: "indices" },
        "brackets",
      ),
    }),
    responseFormat: source.option(
      `${response}.responseFormat`,
      { autodetect: "auto", json: "json", text: "text", file: "binary" },
      "autodetect",
    ),
    responseField: source.text(`${response}.outputPropertyName`) || "data",
    fullResponse: source.flag(`${response}.fullResponse`),
    neverError: source.flag(`${response}.neverError`),
    followRedirects: source.flag(`${redirect}.followRedirects`, true),
    maxRedirects: source.number(`${redirect}.maxRedirects`, 21),
    ...timing(source, "options.batching.batch.batchSize", "options.batching.batch.batchInterval"),
    lowercaseHeaders: source.flag("options.lowercaseHeaders", true),
    ignoreTlsErrors: source.flag("options.allowUnauthorizedCerts"),
  };
}

function pagination(source: Source): JsonObject {
  const path = "options.pagination.pagination";
  if (!source.has("options.pagination.pagination")) return {};
  const mode = source.option(
    `${path}.paginationMode`,
    { off: "off", responseContainsNextURL: "nextUrl", updateAParameterInEachRequest: "parameters" },
    "updateAParameterInEachRequest",
  );
  const places: Readonly<Record<string, string>> = { qs: "query", headers: "header", body: "body" };
  return {
    pagination: mode,
    nextUrl: source.text(`${path}.nextURL`),
    pageParameters: source.list(`${path}.parameters.parameters`).map(
      ({ type, name, value }): JsonObject => ({
        in: places[String(type ?? "qs")] ?? "query",
        name: name ?? "",
        value: typeof value === "object" ? JSON.stringify(value ?? "") : String(value ?? ""),
      }),
    ),
    paginationCompleteWhen: source.option(
      `${path}.paginationCompleteWhen`,
      { responseIsEmpty: "responseIsEmpty", receiveSpecificStatusCodes: "statusCodes", other: "expression" },
      "responseIsEmpty",
    ),
    completeStatusCodes: source.text(`${path}.statusCodesWhenComplete`),
    completeExpression: source.text(`${path}.completeExpression`),
    limitPages: source.flag(`${path}.limitPagesFetched`),
    maxPages: source.number(`${path}.maxRequests`, 100),
    pageIntervalMs: source.number(`${path}.requestInterval`, 0),
  };
}

function timing(source: Source, size: string, interval: string): JsonObject {
  const batchSize = source.fixedNumber(size, source.has(size.slice(0, size.lastIndexOf("."))) && size.includes("batching") ? 50 : -1);
  const timeout = source.number("options.timeout", 0);
  return {
    ...(batchSize > 0 && { batchSize, batchIntervalMs: source.number(interval, 1000) }),
    ...(timeout !== 0 && { timeoutMs: timeout }),
  };
}

/** Versions 1 and 2: JSON or pairs for all three at once, and everything else among the options. */
function legacy(source: Source): Mapped["parameters"] {
  const json = source.fixedFlag("jsonParameters");
  const parts: JsonObject = json
    ? {
        queryFormat: "json",
        queryJson: source.value("queryParametersJson", "{}") || "{}",
        headersFormat: "json",
        headersJson: source.value("headerParametersJson", "{}") || "{}",
      }
    : {
        query: pairs(source.list("queryParametersUi.parameter")),
        headers: pairs(source.list("headerParametersUi.parameter")),
      };
  const responseFormat = source.option("responseFormat", { json: "json", string: "text", file: "binary" }, "json");
  if (responseFormat === "json" && !source.fixedFlag("options.splitIntoItems")) {
    source.changed(
      "options.splitIntoItems",
      "an answer that is a list gives one item for each entry; there it was one item that held the list",
    );
  }
  if (source.has("options.proxy")) source.missing("options.proxy", "requests are sent without the proxy");
  source.ignore("options.useQueryString");
  return {
    method: method(source, "requestMethod"),
    url: source.text("url"),
    ...authentication(source),
    ...parts,
    ...legacyBody(source, json),
    responseFormat,
    responseField: source.text("dataPropertyName") || "data",
    fullResponse: source.flag("options.fullResponse"),
    neverError: source.flag("options.ignoreResponseCode"),
    followRedirects: source.flag("options.followRedirect", true),
    ...timing(source, "options.batchSize", "options.batchInterval"),
    ignoreTlsErrors: source.flag("allowUnauthorizedCerts"),
  };
}

function legacyBody(source: Source, json: boolean): JsonObject {
  const kind = source.option(
    "options.bodyContentType",
    { json: "json", "form-urlencoded": "form", "multipart-form-data": "multipart", raw: "raw" },
    "json",
  );
  const contentType = source.text("options.bodyContentCustomMimeType");
  if (source.fixedFlag("sendBinaryData"))
    return { body: "binary", bodyFile: source.text("binaryPropertyName", "data"), bodyContentType: contentType };
  if (kind === "raw") return { body: "raw", bodyText: source.text("bodyParametersJson"), bodyContentType: contentType };
  if (json) {
    const body = source.value("bodyParametersJson", "");
    return body === "" ? {} : { body: kind === "multipart" ? "form" : kind, bodyFormat: "json", bodyJson: body };
  }
  const fields = pairs(source.list("bodyParametersUi.parameter"));
  return fields.length > 0 ? { body: kind, bodyFields: fields } : {};
}
