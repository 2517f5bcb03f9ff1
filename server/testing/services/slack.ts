import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

// Not in Slack's own form: scanners for leaked keys would take it for one.
export const SLACK_TOKEN = "bot-token-of-a-workspace-0123456789";

const users = ["U1", "U2", "U3"].map((id) => ({ id, name: id.toLowerCase() }));
const ok = (body: JsonObject): ServiceAnswer => ({ body: { ok: true, ...body } });
/** Errors come with 200. */
const refused = (error: string): ServiceAnswer => ({ body: { ok: false, error } });

/** Slack's Web API, as api.slack.com/methods describes it. */
export function slack({ method, path, query, headers, json, body }: ServiceRequest): ServiceAnswer {
  if (path.startsWith("/upload/v1/")) return { headers: { "content-type": "text/plain" }, body: `OK - ${body.length}` };
  if (headers.authorization !== `Bearer ${SLACK_TOKEN}`) return refused("invalid_auth");
  switch (`${method} ${path}`) {
    case "GET /api/auth.test":
      return ok({ team: "Ghostbusters", user: "bot" });
    case "POST /api/chat.postMessage":
      if (json.channel === "#busy") return { status: 429, headers: { "retry-after": "30" }, body: { ok: false, error: "ratelimited" } };
      if (json.channel !== "#general") return refused("channel_not_found");
      if (!json.text && !json.blocks) return refused("no_text");
      return ok({ channel: "C1", ts: "1503435956.000247", message: { text: json.text ?? null } });
    case "GET /api/users.list": {
      const start = Number(query.cursor ?? 0);
      const end = start + Number(query.limit ?? 100);
      return ok({ members: users.slice(start, end), response_metadata: { next_cursor: end < users.length ? String(end) : "" } });
    }
    case "POST /api/files.getUploadURLExternal":
      return ok({ upload_url: "https://files.slack.com/upload/v1/ABC123", file_id: "F1", sent: body });
    default:
      return refused("unknown_method");
  }
}
