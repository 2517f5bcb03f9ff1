import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const SENDGRID_KEY = "SG.0123456789abcdef.0123456789abcdef";

const refused = (status: number, message: string, field: string | null = null): ServiceAnswer => ({
  status,
  body: { errors: [{ message, field, help: null }] },
});

interface Mail {
  personalizations?: { to?: { email?: string }[] }[];
  from?: { email?: string };
  subject?: string;
  content?: { type?: string; value?: string }[];
  template_id?: string;
  attachments?: JsonObject[];
}

/** SendGrid's API as twilio.com/docs/sendgrid describes it. */
export function sendgrid({ method, path, query, headers, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${SENDGRID_KEY}`)
    return refused(401, "The provided authorization grant is invalid, expired, or revoked");
  switch (`${method} ${path.replace("/v3", "")}`) {
    case "GET /scopes":
      return { body: { scopes: ["mail.send"] } };
    case "POST /mail/send": {
      const mail = json as Mail;
      if (!mail.personalizations?.[0]?.to?.every(({ email }) => email))
        return refused(400, "The to array is required", "personalizations.0.to");
      if (mail.from?.email === "stranger@example.com")
        return refused(403, "The from address does not match a verified Sender Identity.", "from");
      const hasText = mail.template_id !== undefined || (mail.subject && mail.content?.every(({ type, value }) => type && value));
      if (!hasText) return refused(400, "The subject is required.", "subject");
      return { status: 202, headers: { "x-message-id": "m1" } };
    }
    case "PUT /marketing/contacts":
      return { status: 202, body: { job_id: "job-1" } };
    case "GET /marketing/lists": {
      const next = `http://${headers.host}/v3/marketing/lists?page_size=1&page_token=two`;
      const isFirst = query.page_token === undefined;
      return { body: { result: [{ id: isFirst ? "l1" : "l2" }], _metadata: isFirst ? { next, count: 2 } : { count: 2 } } };
    }
    default:
      return refused(404, "Not Found");
  }
}
