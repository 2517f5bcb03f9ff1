import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const TWILIO_USER = { username: "AC0123456789abcdef0123456789abcdef", password: "f00df00df00df00df00df00df00df00d" };

const authorization = `Basic ${Buffer.from(`${TWILIO_USER.username}:${TWILIO_USER.password}`).toString("base64")}`;
const refused = (status: number, code: number, message: string): ServiceAnswer => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

/** Twilio's API as twilio.com/docs describes it. Numbers that begin with +1500 are those that it tests failures with. */
export function twilio({ method, path, query, headers, body }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== authorization) return refused(401, 20003, "Authenticate");
  const account = `/2010-04-01/Accounts/${TWILIO_USER.username}`;
  const form = new URLSearchParams(body);
  const isForm = headers["content-type"] === "application/x-www-form-urlencoded";
  const message = (sid: string) => ({ sid, account_sid: TWILIO_USER.username, status: "queued", ...Object.fromEntries(form) });
  switch (`${method} ${path.replace(account, "")}`) {
    case "GET /Balance.json":
      return { body: { account_sid: TWILIO_USER.username, balance: "12.0", currency: "EUR" } };
    case "POST /Messages.json":
      if (!isForm || !form.has("To")) return refused(400, 21604, "A 'To' phone number is required.");
      if (form.get("To") === "+15005550001") return refused(400, 21211, "Invalid 'To' Phone Number: +15005550001");
      if (!form.has("From") && !form.has("MessagingServiceSid")) return refused(400, 21603, "A 'From' phone number is required.");
      return { status: 201, body: { ...message("SM1"), media: form.getAll("MediaUrl") } };
    case "POST /Calls.json":
      if (!form.has("Twiml") && !form.has("Url")) return refused(400, 21205, "Url parameter is required.");
      return { status: 201, body: message("CA1") };
    case "GET /Messages.json": {
      const next = query.Page === undefined ? `${account}/Messages.json?PageSize=1&Page=1&PageToken=PASM1` : null;
      return { body: { messages: [{ sid: next ? "SM1" : "SM2" }], page: next ? 0 : 1, page_size: 1, next_page_uri: next } };
    }
    case "POST /v2/Services/VA1/VerificationCheck":
      return { body: { sid: "VE1", status: form.get("Code") === "123456" ? "approved" : "pending", valid: form.get("Code") === "123456" } };
    default:
      return refused(404, 20404, `The requested resource ${path} was not found`);
  }
}
