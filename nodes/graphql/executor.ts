import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { HttpRequest, HttpResponse, NodeContext, NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { decodeBody, httpFailure } from "../http-failure";
import { parseJsonObject } from "../json-parameter";
import type { graphql } from "./definition";

type Parameters = z.infer<typeof graphql.parameters>;

export const execute: NodeExecutor<Parameters> = (context) => mapItems(context, (_, index) => ask(context, index));

async function ask(context: NodeContext<Parameters>, index: number): Promise<Item> {
  const parameters = context.parameters(index);
  const request = buildRequest(context, parameters, index);
  const response = await context.http.request(request, context.signal);
  const text = decodeBody(response.body, response.headers["content-type"] ?? "");
  const answer = parsed(text);
  const said = errorsOf(answer);
  if (response.status >= 400) throw failure(response, request, said);
  if (parameters.responseFormat === "text") return { json: { [parameters.responseField]: text } };
  if (said !== undefined) throw new FatalError(`The GraphQL endpoint answered with errors: ${said}`);
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) {
    throw new FatalError(`The answer is no JSON object, though GraphQL answers with one. It begins: ${text.slice(0, 100)}`);
  }
  return { json: answer };
}

function buildRequest(context: NodeContext<Parameters>, parameters: Parameters, index: number): HttpRequest {
  const { endpoint, method, query, requestFormat, operationName, timeoutMs, ignoreTlsErrors } = parameters;
  if (query.trim() === "") throw new ParameterError("query", "is empty: say what to ask", index);
  let url: URL;
  try {
    url = new URL(endpoint.trim());
  } catch {
    const reason = endpoint.trim() === "" ? "is empty: say where to ask" : `"${endpoint.slice(0, 200)}" is not a valid URL`;
    throw new ParameterError("endpoint", reason, index);
  }
  const headers: Record<string, string> = { accept: "application/graphql-response+json, application/json" };
  for (const { name, value } of parameters.headers) if (name !== "") headers[name.toLowerCase()] = asText(value);
  const common = {
    method,
    timeoutMs,
    ignoreTlsErrors,
    ...(parameters.authentication === "credential" && { credential: "credential" }),
  };
  if (method === "POST" && requestFormat === "graphql") {
    return { ...common, url: url.href, headers: { "content-type": "application/graphql", ...headers }, body: query };
  }
  const variables = variablesOf(parameters, index);
  const asked = { query, ...(Object.keys(variables).length > 0 && { variables }), ...(operationName !== "" && { operationName }) };
  if (method === "POST") {
    // Many servers that take mutations know this header; the others pass over it.
    headers["idempotency-key"] ??= context.idempotencyKey(index);
    return { ...common, url: url.href, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(asked) };
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, asText(value));
  return { ...common, url: url.href, headers };
}

function variablesOf({ variablesFormat, variables, variablesJson }: Parameters, index: number): JsonObject {
  if (variablesFormat === "json") {
    return variablesJson === "" || variablesJson === null ? {} : parseJsonObject(variablesJson, "variablesJson", index);
  }
  return Object.fromEntries(variables.filter(({ name }) => name !== "").map(({ name, value }) => [name, (value ?? null) as Json]));
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** What the list of errors in an answer says; undefined where there is none. */
function errorsOf(answer: Json): string | undefined {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return undefined;
  const { errors } = answer;
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  return errors
    .map((error) => (typeof error === "object" && error !== null && !Array.isArray(error) ? (error.message ?? error) : error))
    .map(asText)
    .join(", ")
    .slice(0, 1000);
}

function failure(response: HttpResponse, request: HttpRequest, said: string | undefined): Error {
  const error = httpFailure(response, request);
  if (said === undefined) return error;
  const status = `${response.status} ${response.statusText}`.trim();
  error.message = `The GraphQL endpoint answered ${status}: ${said}`;
  return error;
}
