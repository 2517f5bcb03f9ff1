import type { JsonObject } from "../../item";
import type { NodeMapping } from "../source";
import { authentication, credentialOf, pairs } from "./http-request";

/** GraphQL 1–1.1. */
export const graphql: NodeMapping = (source) => {
  const json = source.option("requestFormat", { json: true, graphql: false }, source.version >= 1.1 ? "json" : "graphql");
  const parameters: JsonObject = {
    endpoint: source.text("endpoint"),
    method: source.option("requestMethod", { GET: "GET", POST: "POST" }, "POST"),
    ...authentication(source),
    query: source.text("query"),
    requestFormat: json ? "json" : "graphql",
    headers: pairs(source.list("headerParametersUi.parameter")),
    responseFormat: source.option("responseFormat", { json: "json", string: "text" }, "json"),
    responseField: source.text("dataPropertyName") || "data",
    ignoreTlsErrors: source.flag("allowUnauthorizedCerts"),
  };
  const variables = source.value("variables", "");
  const operationName = source.text("operationName");
  if (!json) return { type: "graphql", parameters, ...credentialOf(source) };
  return {
    type: "graphql",
    parameters: { ...parameters, variablesFormat: "json", variablesJson: variables === "" ? "{}" : variables, operationName },
    ...credentialOf(source),
  };
};
