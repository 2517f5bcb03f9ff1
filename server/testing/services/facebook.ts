import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const FACEBOOK_TOKEN = "EAAG0123456789abcdefghijklmnop";

const refused = (status: number, code: number, message: string): ServiceAnswer => ({
  status,
  body: { error: { message, type: "OAuthException", code, fbtrace_id: "AbC" } },
});

/** Facebook's Graph API as developers.facebook.com describes it, for the page 546. */
export function facebook({ method, path, query, headers, body, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${FACEBOOK_TOKEN}`)
    return refused(400, 190, "Invalid OAuth access token - Cannot parse access token");
  switch (`${method} ${path.replace("/v23.0", "")}`) {
    case "GET /me":
      return { body: { id: "546", name: "Shop" } };
    case "POST /546/feed":
      if (!json.message && !json.link) return refused(400, 100, "(#100) You must provide a message or a link");
      return { body: { id: "546_1" } };
    case "POST /546/photos":
      if (!/name="source"; filename="[^"]+"/.test(body)) return refused(400, 324, "(#324) Requires upload file");
      return { body: { id: "1", post_id: "546_1" } };
    case "GET /546/posts": {
      if (query.after === "end") return { body: { data: [] } };
      const isFirst = query.after === undefined;
      const cursors = { before: "b", after: isFirst ? "two" : "end" };
      return { body: { data: [{ id: isFirst ? "546_1" : "546_2" }], paging: { cursors } } };
    }
    default:
      return refused(400, 100, "Unsupported get request. Object with ID does not exist");
  }
}
