import type { Json } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const GOOGLE_TOKEN = "access-token-of-a-google-account-0123456789";

/** Errors as all of Google's APIs have them. */
const refused = (code: number, message: string, status: string): ServiceAnswer => ({
  status: code,
  body: { error: { code, message, status } },
});
const files = Array.from({ length: 3 }, (_, index) => ({ id: `file-${index + 1}`, name: `File ${index + 1}` }));

/** A few calls of Sheets, Gmail, Drive and Calendar, as developers.google.com describes them. */
export function google({ method, path, query, headers, json, body }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${GOOGLE_TOKEN}`) {
    return refused(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED");
  }
  const ok = (answer: Json): ServiceAnswer => ({ body: answer });
  switch (`${method} ${decodeURIComponent(path)}`) {
    case "GET /oauth2/v2/userinfo":
    case "GET /gmail/v1/users/me/profile":
    case "GET /drive/v3/about":
      return ok({ email: "ada@example.com" });
    case "GET /v4/spreadsheets/s1/values/People!A1:B9":
      return ok({ range: "People!A1:B9", majorDimension: "ROWS", values: [["Name", "Age"], ["Ada", 36], ["Max"]] });
    case "GET /v4/spreadsheets/s1/values/'People'":
      return ok({ range: "People!A1:Z1000", majorDimension: "ROWS", values: [["Name", "Age"], ["Ada", 36], ["Max"]] });
    case "POST /v4/spreadsheets/s1/values:batchUpdate":
    case "POST /v4/spreadsheets/s1/values/'People'!A1:B1:append":
      return ok({ spreadsheetId: "s1" });
    case "POST /v4/spreadsheets/s1/values/People:append":
      return ok({ spreadsheetId: "s1", option: query.valueInputOption ?? null, values: json.values ?? null });
    case "POST /gmail/v1/users/me/messages/send":
      return ok({ id: "m1", threadId: json.threadId ?? "m1", raw: json.raw ?? null });
    case "GET /drive/v3/files": {
      const start = Number(query.pageToken ?? 0);
      const next = start + Number(query.pageSize);
      return ok({ files: files.slice(start, next), ...(next < files.length && { nextPageToken: String(next) }) });
    }
    case "GET /drive/v3/files/file-1":
      return { headers: { "content-type": "text/plain" }, body: query.alt === "media" ? "Hello" : "" };
    case "POST /upload/drive/v3/files":
      return ok({ id: "new", uploadType: query.uploadType ?? null, type: headers["content-type"] ?? null, sent: body });
    case "POST /calendar/v3/calendars/primary/events":
      return ok({ id: "e1", sendUpdates: query.sendUpdates ?? null, ...json });
    case "DELETE /calendar/v3/calendars/primary/events/e1":
      return { status: 204 };
    default:
      return refused(404, "Requested entity was not found.", "NOT_FOUND");
  }
}
