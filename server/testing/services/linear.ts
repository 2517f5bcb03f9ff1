import type { Json, JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const LINEAR_KEY = "lin_api_0123456789abcdefghijklmnopqrstuv";
export const LINEAR_ACCESS_TOKEN = "lin_oauth_0123456789abcdefghijklmnopqrstuv";

const refused = (message: string, code: string, status = 200): ServiceAnswer => ({
  status,
  body: { errors: [{ message, path: [], extensions: { type: code, code, userPresentableMessage: `${message}.` } }], data: null },
});

const issue = (id: string, more: JsonObject = {}): JsonObject => ({ id, identifier: `ENG-${id}`, title: `Issue ${id}`, ...more });

/** Linear's GraphQL API as linear.app/developers describes it, as far as its operations are known by name. */
export function linear({ method, path, headers, json }: ServiceRequest): ServiceAnswer {
  if (method !== "POST" || path !== "/graphql") return { status: 404, body: "Not found" };
  // Keys by themselves, access tokens as bearers'.
  if (![LINEAR_KEY, `Bearer ${LINEAR_ACCESS_TOKEN}`].includes(String(headers.authorization)))
    return refused("Authentication required, not authenticated", "AUTHENTICATION_ERROR", 401);
  const query = String(json.query);
  const variables = (json.variables ?? {}) as { id?: string; first?: number; after?: string; input?: JsonObject };
  const [, operation = ""] = /\{\s*(\w+)/.exec(query) ?? [];
  const ok = (value: Json): ServiceAnswer => ({ body: { data: { [operation]: value } } });
  switch (operation) {
    case "viewer":
      return ok({ id: "u1", name: "Ada", email: "ada@example.com" });
    case "issueCreate":
      if (!variables.input?.teamId) return refused('Variable "$input" got invalid value', "GRAPHQL_VALIDATION_FAILED", 400);
      if (variables.input.teamId === "none") return refused("Entity not found: Team", "INPUT_ERROR");
      return ok({ success: true, issue: issue("9", variables.input) });
    case "issue":
      return variables.id === "1" ? ok(issue("1")) : refused("Entity not found: Issue", "INPUT_ERROR");
    case "issues": {
      const from = Number(variables.after ?? 0);
      const nodes = ["1", "2", "3"].slice(from, from + (variables.first ?? 50)).map((id) => issue(id));
      const end = from + nodes.length;
      return ok({ nodes, pageInfo: { hasNextPage: end < 3, endCursor: String(end) } });
    }
    default:
      return refused(`Cannot query field "${operation}"`, "GRAPHQL_VALIDATION_FAILED", 400);
  }
}
