import { FatalError } from "../execution/errors";
import type { Json, JsonObject } from "../item";
import type { ActionRequest } from "./build-request";
import { answerItems, valueAt } from "./read-answer";
import { asText } from "./render";
import type { ActionDefinition, AnswerPath } from "./schema";

export interface PageAnswer {
  body: Json;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
}

/**
 * The request for the page after an answer, by the action's rule; null after the last page. It goes to the origin that the
 * request before went to.
 * @throws FatalError when the service names another origin
 */
export function nextPage(action: ActionDefinition, request: ActionRequest, answer: PageAnswer): ActionRequest | null {
  const rule = action.pagination;
  if (!rule) return null;
  const found = answerItems(action, answer.body);
  const items = Array.isArray(found) ? found : [];
  switch (rule.type) {
    case "cursor": {
      const cursor = valueAt(answer.body, rule.path);
      if (cursor === undefined || cursor === null || cursor === "" || !hasMore(answer.body, rule.more)) return null;
      return withValue(request, rule, cursor);
    }
    case "page": {
      if (isLastPage(request, rule, items)) return null;
      const current = Number(valueIn(request, rule) ?? rule.first);
      return withValue(request, rule, (Number.isFinite(current) ? current : rule.first) + 1);
    }
    case "offset": {
      if (isLastPage(request, rule, items)) return null;
      const before = Number(valueIn(request, rule) ?? 0);
      return withValue(request, rule, (Number.isFinite(before) ? before : 0) + items.length);
    }
    case "last": {
      const last = items.at(-1);
      const value = last === undefined ? undefined : valueAt(last, rule.field);
      if (value === undefined || value === null || !hasMore(answer.body, rule.more) || isLastPage(request, rule, items)) return null;
      return withValue(request, rule, value);
    }
    case "link":
      return atAddress(request, /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(answer.headers.link ?? "")?.[1]);
    case "url": {
      const url = valueAt(answer.body, rule.path);
      return atAddress(request, typeof url === "string" && url !== "" ? url : undefined);
    }
  }
}

/** Absent counts as more: not every service says. */
const hasMore = (body: Json, path: AnswerPath | undefined): boolean => path === undefined || (valueAt(body, path) ?? true) !== false;

interface Place {
  in: "query" | "body";
  name: string;
}

function isLastPage(
  request: ActionRequest,
  { in: where, size }: { in: "query" | "body"; size?: string | undefined },
  items: Json[],
): boolean {
  if (items.length === 0) return true;
  const wanted = size === undefined ? Number.NaN : Number(valueIn(request, { in: where, name: size }) ?? Number.NaN);
  return Number.isFinite(wanted) && items.length < wanted;
}

const bodyOf = ({ body }: ActionRequest): JsonObject => {
  const parsed = typeof body === "string" && body !== "" ? (JSON.parse(body) as Json) : {};
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : {};
};

function valueIn(request: ActionRequest, { in: where, name }: Place): Json | undefined {
  if (where === "query") return new URL(request.url).searchParams.get(name) ?? undefined;
  return valueAt(bodyOf(request), name);
}

function withValue(request: ActionRequest, { in: where, name }: Place, value: Json): ActionRequest {
  if (where === "query") {
    const url = new URL(request.url);
    url.searchParams.set(name, asText(value));
    return { ...request, url: url.href };
  }
  const body = withField(bodyOf(request), name.split("."), value);
  return { ...request, headers: { "content-type": "application/json", ...request.headers }, body: JSON.stringify(body) };
}

function withField(object: JsonObject, [key = "", ...rest]: string[], value: Json): JsonObject {
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = object[key];
  return { ...object, [key]: withField(typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : {}, rest, value) };
}

/** Where the service says that the next page is. What the credential adds to the query stays; the service does not repeat that. */
function atAddress(request: ActionRequest, address: string | undefined): ActionRequest | null {
  if (address === undefined) return null;
  const before = new URL(request.url);
  if (!URL.canParse(address, before)) throw new FatalError(`The service names a next page that is no URL: ${address.slice(0, 200)}`);
  const next = new URL(address, before);
  if (next.origin !== before.origin)
    throw new FatalError(`The service names a next page at another host, ${next.host}: it is not asked for`);
  const markers = Object.keys(request.credentialFields ?? {});
  for (const [name, value] of before.searchParams) {
    if (markers.some((marker) => value.includes(marker))) next.searchParams.set(name, value);
  }
  const path = markers.some((marker) => before.pathname.includes(marker)) ? before.pathname : next.pathname;
  return { ...request, url: `${next.origin}${path}${next.search}` };
}
