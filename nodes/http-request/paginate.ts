import { setTimeout as sleep } from "node:timers/promises";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import { toJson } from "@/flow/expression/to-json";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { HttpRequest, HttpResponse, NodeContext } from "@/flow/node/context";
import { setField } from "@/flow/node/field-path";
import { keyOfPage } from "../page-key";
import { asText, buildRequest, type Parameters } from "./build-request";
import { bodyOf, readResponse } from "./read-response";

/** Where nothing else limits the pages. */
const MOST_PAGES = 10_000;
/** So many equal answers in a row mean that the next page is never reached. */
const MOST_EQUAL = 5;

/** Asks for page after page. `send` fails for a status that is a failure. */
export async function fetchPages(
  context: NodeContext<Parameters>,
  parameters: Parameters,
  itemIndex: number,
  send: (request: HttpRequest, isExpected: (status: number) => boolean) => Promise<HttpResponse>,
): Promise<Item[]> {
  const first = await buildRequest(context, itemIndex);
  const lastStatuses = statusCodes(parameters, itemIndex);
  const items: Item[] = [];
  let request = first;
  let response: JsonObject = {};
  let equal = 0;
  for (let pageCount = 0; ; pageCount++) {
    const known = { $pageCount: pageCount, $request: described(request), $response: response };
    if (parameters.pagination === "parameters") request = withParameters(context, parameters, itemIndex, first, known);
    request = withKeyOfPage(request, context.idempotencyKey(itemIndex), pageCount);
    const given = await send(request, (status) => lastStatuses.has(status));
    const body = bodyOf(parameters, given);
    const before = response.body;
    response = { body, headers: given.headers, statusCode: given.status, statusMessage: given.statusText };
    const fetched = pageCount + 1;
    const isLast = lastStatuses.has(given.status);
    if (isLast && given.status >= 400) return items;
    if (pageCount === 0 || !isEmpty(body)) items.push(...(await readResponse(context, parameters, given, itemIndex)));
    if (
      isLast ||
      isComplete(context, parameters, itemIndex, { ...known, $pageCount: fetched, $request: described(request), $response: response })
    )
      return items;
    if (parameters.limitPages && fetched >= parameters.maxPages) return items;
    if (fetched >= MOST_PAGES) throw new FatalError(`There are more than ${MOST_PAGES} pages: say when the last one is reached`);
    equal = pageCount > 0 && JSON.stringify(before) === JSON.stringify(body) ? equal + 1 : 1;
    if (equal >= MOST_EQUAL) {
      throw new FatalError(
        `The answer was the same ${MOST_EQUAL} times, so no further pages are asked for: check what is changed from page to page`,
      );
    }
    if (parameters.pagination === "nextUrl") {
      const next = evaluate(context, parameters.nextUrl, itemIndex, { ...known, $pageCount: fetched, $response: response });
      if (next === null || next === undefined || next === "") return items;
      request = { ...first, url: nextUrl(asText(next), given.url || request.url, itemIndex) };
    }
    if (parameters.pageIntervalMs > 0) await sleep(parameters.pageIntervalMs, undefined, { signal: context.signal });
  }
}

/** Leaves alone what carries no key, or one that its author gave. */
function withKeyOfPage(request: HttpRequest, key: string, page: number): HttpRequest {
  if (request.headers?.["idempotency-key"] !== key) return request;
  return { ...request, headers: { ...request.headers, "idempotency-key": keyOfPage(key, page) } };
}

type Known = { $pageCount: number; $request: JsonObject; $response: JsonObject };

/** A template with the variables of paging; braces alone make a text one, too. */
const evaluate = (context: NodeContext<Parameters>, text: string, itemIndex: number, known: Known): Json | undefined =>
  toJson(context.evaluate(text.startsWith("=") || !text.includes("{{") ? text : `=${text}`, itemIndex, known));

function isComplete(context: NodeContext<Parameters>, parameters: Parameters, itemIndex: number, known: Known): boolean {
  if (parameters.paginationCompleteWhen === "responseIsEmpty") return isEmpty(known.$response.body);
  if (parameters.paginationCompleteWhen === "statusCodes") return false;
  if (parameters.completeExpression.trim() === "") {
    throw new ParameterError("completeExpression", "is empty: say when the last page is reached", itemIndex);
  }
  const value = evaluate(context, parameters.completeExpression, itemIndex, known);
  return value !== "false" && Boolean(value);
}

const isEmpty = (body: Json | undefined): boolean => {
  if (typeof body === "string") return body.trim() === "";
  if (typeof body !== "object" || body === null) return body === null || body === undefined;
  return Object.keys(body).length === 0;
};

function statusCodes({ paginationCompleteWhen, completeStatusCodes }: Parameters, itemIndex: number): ReadonlySet<number> {
  if (paginationCompleteWhen !== "statusCodes") return new Set();
  const codes = completeStatusCodes.split(",").map((text) => Number(text.trim() || Number.NaN));
  if (codes.some((code) => !Number.isInteger(code))) {
    throw new ParameterError("completeStatusCodes", "must be status codes with commas between them, like 404, 204", itemIndex);
  }
  return new Set(codes);
}

/** The request as expressions see it. */
function described({ url, method, headers = {}, body }: HttpRequest): JsonObject {
  let qs: JsonObject = {};
  try {
    qs = Object.fromEntries(new URL(url).searchParams);
  } catch {
    // Said when it is sent.
  }
  return { url, method, qs, headers: { ...headers }, ...(typeof body === "string" && { body: parsed(body) }) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function nextUrl(text: string, from: string, itemIndex: number): string {
  try {
    return new URL(text, from).href;
  } catch {
    throw new ParameterError("nextUrl", `gave "${text.slice(0, 200)}", which is not a URL`, itemIndex);
  }
}

/** The first request with what changes from page to page. A value that is not there, like a first page's cursor, changes nothing. */
function withParameters(
  context: NodeContext<Parameters>,
  { pageParameters, body }: Parameters,
  itemIndex: number,
  first: HttpRequest,
  known: Known,
): HttpRequest {
  const url = new URL(first.url);
  const request: HttpRequest = { ...first, headers: { ...first.headers } };
  let changesUrl = false;
  for (const [index, parameter] of pageParameters.entries()) {
    if (parameter.name === "") continue;
    const value = evaluate(context, parameter.value, itemIndex, known);
    if (value === undefined || value === null) continue;
    if (parameter.in === "query") {
      url.searchParams.set(parameter.name, asText(value));
      changesUrl = true;
    } else if (parameter.in === "header") {
      const same = Object.keys(request.headers ?? {}).find((name) => name.toLowerCase() === parameter.name.toLowerCase());
      request.headers = { ...request.headers, [same ?? parameter.name]: asText(value) };
    } else if (body === "form") {
      const form = new URLSearchParams(String(request.body ?? ""));
      form.set(parameter.name, asText(value));
      request.body = form.toString();
    } else if (body === "json" || body === "none") {
      const json = typeof request.body === "string" ? parsed(request.body) : {};
      if (typeof json !== "object" || json === null || Array.isArray(json)) {
        throw new ParameterError(`pageParameters[${index}].in`, "the body is no JSON object: nothing can be set in it", itemIndex);
      }
      request.body = JSON.stringify(setField(json, parameter.name, value));
      request.headers = { "content-type": "application/json", ...request.headers };
    } else {
      throw new ParameterError(`pageParameters[${index}].in`, `nothing can be set in a body of the kind "${body}"`, itemIndex);
    }
  }
  return changesUrl ? { ...request, url: url.href } : request;
}
