import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const NOTION_TOKEN = "ntn_0123456789abcdefghijklmnopqrstuvwxyz";

const refused = (status: number, code: string, message: string): ServiceAnswer => ({
  status,
  body: { object: "error", status, code, message },
});
const pages = ["a", "b", "c"].map((id) => ({ object: "page", id }));

/** Notion's API, as developers.notion.com describes it. */
export function notion({ method, path, headers, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${NOTION_TOKEN}`) return refused(401, "unauthorized", "API token is invalid.");
  if (headers["notion-version"] !== "2022-06-28") return refused(400, "missing_version", "Notion-Version header failed validation");
  switch (`${method} ${path}`) {
    case "GET /v1/users/me":
      return { body: { object: "user", type: "bot" } };
    case "POST /v1/databases/db/query": {
      const start = Number(json.start_cursor ?? 0);
      const next = start + Number(json.page_size);
      const hasMore = next < pages.length;
      return { body: { object: "list", results: pages.slice(start, next), has_more: hasMore, next_cursor: hasMore ? String(next) : null } };
    }
    case "POST /v1/pages":
      return { body: { object: "page", id: "new", ...json } };
    default:
      return refused(404, "object_not_found", "Could not find page with ID: x.");
  }
}
