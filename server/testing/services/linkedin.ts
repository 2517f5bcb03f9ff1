import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const LINKEDIN_TOKEN = "AQV0123456789abcdefghijklmnop";

const refused = (status: number, code: string, message: string): ServiceAnswer => ({ status, body: { status, code, message } });

/** LinkedIn's API as learn.microsoft.com/linkedin describes it, for the member 782bbtaQ with two posts. */
export function linkedin({ method, path, query, headers, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${LINKEDIN_TOKEN}`) return refused(401, "INVALID_ACCESS_TOKEN", "Invalid access token");
  if (path.startsWith("/rest/") && !/^\d{6}$/.test(headers["linkedin-version"] ?? "")) {
    return refused(400, "VERSION_MISSING", "A version must be present. Please specify a version by adding the LinkedIn-Version header.");
  }
  const route = `${method} ${path}`;
  switch (route) {
    case "GET /v2/userinfo":
      return { body: { sub: "782bbtaQ", name: "John Doe" } };
    case "POST /rest/posts": {
      const missing = ["author", "commentary", "visibility", "distribution", "lifecycleState"].find((name) => json[name] === undefined);
      if (missing) return refused(422, "UNPROCESSABLE_ENTITY", `ERROR :: /${missing} :: field is required but not found`);
      if (json.author !== "urn:li:person:782bbtaQ")
        return refused(403, "ACCESS_DENIED", "Not enough permissions to access: partnerApiPosts.CREATE");
      return { status: 201, headers: { "x-restli-id": "urn:li:share:1" } };
    }
    case "GET /rest/posts": {
      if (headers["x-restli-method"] !== "FINDER" || query.q !== "author") return refused(400, "ILLEGAL_ARGUMENT", "Invalid finder");
      const [start, count] = [Number(query.start ?? 0), Number(query.count ?? 10)];
      const elements = ["urn:li:share:1", "urn:li:share:2"].slice(start, start + count).map((id) => ({ id, commentary: "Hello" }));
      return { body: { paging: { start, count, links: [] }, elements } };
    }
    case "DELETE /rest/posts/urn%3Ali%3Ashare%3A1":
      return { status: 204 };
    default:
      return refused(404, "NOT_FOUND", "Entity not found");
  }
}
