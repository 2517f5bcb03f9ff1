import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const TELEGRAM_TOKEN = "123456789:AAF-not-a-real-token_of_anyone0123";

/** The Bot API, as core.telegram.org/bots/api describes it. */
export function telegram({ path, headers, json, body }: ServiceRequest): ServiceAnswer {
  const refused = (status: number, description: string, more: object = {}): ServiceAnswer => ({
    status,
    body: { ok: false, error_code: status, description, ...more },
  });
  if (path === `/file/bot${TELEGRAM_TOKEN}/photos/file_0.jpg`)
    return { headers: { "content-type": "application/octet-stream" }, body: "bytes" };
  const [, token, name] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
  if (token !== TELEGRAM_TOKEN) return refused(401, "Unauthorized");
  switch (name) {
    case "getMe":
      return { body: { ok: true, result: { id: 1, is_bot: true, username: "my_bot" } } };
    case "sendMessage":
      if (json.chat_id === "0") return refused(400, "Bad Request: chat not found");
      return { body: { ok: true, result: { message_id: 1, chat: { id: json.chat_id ?? null }, text: json.text ?? null } } };
    case "sendDocument":
      return { body: { ok: true, result: { type: headers["content-type"] ?? null, sent: body } } };
    default:
      return refused(404, "Not Found");
  }
}
