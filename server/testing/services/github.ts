import type { Json } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const GITHUB_TOKEN = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

const refused = (status: number, message: string, headers: Record<string, string> = {}): ServiceAnswer => ({
  status,
  headers,
  body: { message, documentation_url: "https://docs.github.com/rest", status: String(status) },
});

const issues = Array.from({ length: 5 }, (_, index) => ({ number: index + 1, title: `Issue ${index + 1}`, state: "open" }));

/** GitHub's API for one repository, octocat/hello, as docs.github.com/rest describes it. */
export function github(request: ServiceRequest): ServiceAnswer {
  const { method, path, query, headers, json } = request;
  if (headers.authorization !== `Bearer ${GITHUB_TOKEN}`) return refused(401, "Bad credentials");
  if (headers["x-github-api-version"] !== "2022-11-28") return refused(400, "API version is missing");
  const ok = (body: Json, status = 200, more: Record<string, string> = {}): ServiceAnswer => ({ status, headers: more, body });
  const route = `${method} ${path}`;
  if (route === "GET /user") return ok({ login: "octocat", id: 1 });
  if (route === "GET /repos/octocat/busy") return refused(429, "You have exceeded a secondary rate limit", { "retry-after": "1" });
  if (!path.startsWith("/repos/octocat/hello/")) return refused(404, "Not Found");
  switch (route.replace("/repos/octocat/hello", "")) {
    case "GET /issues": {
      const [size, page] = [Number(query.per_page ?? 30), Number(query.page ?? 1)];
      const host = `http://${headers.host}${path}`;
      const hasMore = page * size < issues.length;
      const link = `<${host}?per_page=${size}&page=1>; rel="first"${hasMore ? `, <${host}?per_page=${size}&page=${page + 1}&state=${query.state}>; rel="next"` : ""}`;
      return ok(issues.slice((page - 1) * size, page * size), 200, { link });
    }
    case "POST /issues":
      if (!json.title) return refused(422, "Validation Failed");
      return ok({ number: 6, state: "open", ...json }, 201);
    case "PUT /contents/notes%2Fa.md":
      return ok({ content: { path: "notes/a.md" }, commit: { message: json.message ?? null } }, 201);
    case "PUT /issues/1/lock":
      return { status: 204 };
    default:
      return refused(404, "Not Found");
  }
}
