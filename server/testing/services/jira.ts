import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const JIRA_USER = { username: "mia@example.com", password: "ATATT3xFfGF0-0123456789" };

const authorization = `Basic ${Buffer.from(`${JIRA_USER.username}:${JIRA_USER.password}`).toString("base64")}`;
const refused = (status: number, errorMessages: string[], errors: JsonObject = {}): ServiceAnswer => ({
  status,
  body: { errorMessages, errors },
});

/** Jira Cloud's API, version 2, as developer.atlassian.com describes it, for a site with one project and three issues. */
export function jira({ method, path, query, headers, body, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== authorization) {
    return { status: 401, headers: { "content-type": "text/plain" }, body: "Client must be authenticated to access this resource." };
  }
  const self = `http://${headers.host}/rest/api/2`;
  const issue = (id: number) => ({ id: String(id), key: `PROJ-${id}`, self: `${self}/issue/${id}`, fields: { summary: `Issue ${id}` } });
  switch (`${method} ${path.replace("/rest/api/2", "")}`) {
    case "GET /myself":
      return { body: { self: `${self}/user`, accountId: "5b10", displayName: "Mia", active: true } };
    case "POST /issue": {
      const fields = (json.fields ?? {}) as { project?: { key?: string }; issuetype?: object; summary?: string; description?: unknown };
      if (fields.project?.key !== "PROJ") return refused(400, [], { project: "Specify a valid project ID or key" });
      if (!fields.issuetype) return refused(400, [], { issuetype: "Specify an issue type" });
      if (!fields.summary) return refused(400, [], { summary: "You must specify a summary of the issue." });
      if (typeof fields.description === "object") return refused(400, [], { description: "Operation value must be a string" });
      return { status: 201, body: { id: "10000", key: "PROJ-24", self: `${self}/issue/10000` } };
    }
    case "GET /issue/PROJ-1":
      return { body: issue(1) };
    case "PUT /issue/PROJ-1":
    case "POST /issue/PROJ-1/transitions":
      return { status: 204 };
    case "GET /search/jql": {
      if (!query.jql?.trim())
        return refused(400, ["Unbounded JQL queries are not allowed here. Please add a search restriction to your query."]);
      const from = Number(query.nextPageToken ?? 1);
      const last = Math.min(3, from + Number(query.maxResults ?? 50) - 1);
      const issues = Array.from({ length: last - from + 1 }, (_, index) => issue(from + index));
      return { body: last < 3 ? { issues, nextPageToken: String(last + 1), isLast: false } : { issues, isLast: true } };
    }
    case "GET /project/search": {
      const from = Number(query.startAt ?? 0);
      const values = ["ONE", "TWO", "THREE"].slice(from, from + Number(query.maxResults ?? 50)).map((key) => ({ key }));
      return { body: { startAt: from, maxResults: Number(query.maxResults ?? 50), total: 3, isLast: from + values.length >= 3, values } };
    }
    case "POST /issue/PROJ-1/comment":
      if (typeof json.body !== "string") return refused(400, ["Comment body can not be empty!"]);
      return { status: 201, body: { id: "10001", self: `${self}/issue/1/comment/10001`, body: json.body } };
    case "POST /issue/PROJ-1/attachments":
      if (headers["x-atlassian-token"] !== "no-check") return { status: 403, body: "XSRF check failed" };
      if (!/name="file"; filename="[^"]+"/.test(body)) return refused(400, ["No file"]);
      return { body: [{ id: "10002", filename: "a.csv", mimeType: "text/csv", size: 3 }] };
    default:
      return refused(404, ["Issue does not exist or you do not have permission to see it."]);
  }
}
