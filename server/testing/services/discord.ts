import type { ServiceAnswer, ServiceRequest } from "./fake-service";

// Not in the form of Discord's own: scanners for leaked keys would take it for one.
export const DISCORD_TOKEN = "token-of-a-discord-bot-0123456789";

const messages = ["5", "4", "3", "2", "1"].map((id) => ({ id }));

/** Discord's API, as discord.com/developers describes it. */
export function discord({ method, path, query, headers, json, body }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bot ${DISCORD_TOKEN}`) return { status: 401, body: { message: "401: Unauthorized", code: 0 } };
  switch (`${method} ${decodeURIComponent(path)}`) {
    case "GET /api/v10/users/@me":
      return { body: { id: "1", username: "bot", bot: true } };
    case "POST /api/v10/channels/2/messages":
      return { body: { id: "9", ...json, type: headers["content-type"] ?? null, sent: body } };
    case "GET /api/v10/channels/2/messages": {
      const start = query.before === undefined ? 0 : messages.findIndex(({ id }) => id === query.before) + 1;
      return { body: messages.slice(start, start + Number(query.limit)) };
    }
    case "PUT /api/v10/channels/2/messages/9/reactions/👍/@me":
      return { status: 204 };
    case "GET /api/v10/channels/busy":
      return {
        status: 429,
        headers: { "retry-after": "60" },
        body: { message: "You are being rate limited.", retry_after: 60, global: false },
      };
    default:
      return { status: 404, body: { message: "Unknown Channel", code: 10003 } };
  }
}
