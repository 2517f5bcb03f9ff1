import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const GRAPH_TOKEN = "eyJ0eXAiOiJKV1Qi.0123456789.abcdefghij";

const refused = (status: number, code: string, message: string): ServiceAnswer => ({
  status,
  body: { error: { code, message, innerError: { "request-id": "r1", date: "2026-01-01T00:00:00" } } },
});

interface Recipient {
  emailAddress?: { address?: string };
}
interface Message {
  subject?: string;
  body?: { contentType?: string; content?: string };
  toRecipients?: Recipient[];
}

const rows = [
  ["name", "age"],
  ["Ada", 36],
  ["Bo", 41],
];

/** Microsoft Graph as learn.microsoft.com/graph describes it: a mailbox, a team, one workbook and a drive. */
export function microsoftGraph({ method, path, query, headers, body, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${GRAPH_TOKEN}`) return refused(401, "InvalidAuthenticationToken", "Access token is empty.");
  const route = `${method} ${decodeURIComponent(path.replace("/v1.0", ""))}`;
  const list = (items: JsonObject[]): ServiceAnswer => {
    const [from, size] = [Number(query.$skip ?? 0), Number(query.$top ?? 10)];
    const next = new URL(`http://${headers.host}${path}?${new URLSearchParams({ ...query, $skip: String(from + size) })}`).href;
    return { body: { value: items.slice(from, from + size), ...(from + size < items.length && { "@odata.nextLink": next }) } };
  };
  const workbook = "/me/drive/items/book/workbook";
  switch (route) {
    case "GET /me":
      return { body: { id: "u1", displayName: "Adele Vance" } };
    case "POST /me/sendMail": {
      const { message } = json as { message?: Message };
      const addresses = message?.toRecipients?.map(({ emailAddress }) => emailAddress?.address);
      if (!addresses?.length) return refused(400, "ErrorInvalidRecipients", "At least one recipient is not valid.");
      if (!message?.body?.contentType || message.body.content === undefined)
        return refused(400, "RequestBodyRead", "The body is not valid.");
      return { status: 202 };
    }
    case "GET /me/messages":
      return list([1, 2, 3].map((id) => ({ id: `m${id}`, subject: `Mail ${id}` })));
    case "PATCH /me/messages/m1":
      return { body: { id: "m1", ...json } };
    case "GET /me/messages/m1/attachments/a1/$value":
      return { headers: { "content-type": "application/pdf" }, body: new TextEncoder().encode("%PDF") };
    case "POST /me/events":
      return { status: 201, body: { id: "e1", ...json } };
    case "GET /me/calendarView":
      if (!query.startDateTime) return refused(400, "ErrorInvalidParameter", "This request requires a time window.");
      return { headers: { "preference-applied": String(headers.prefer) }, body: { value: [{ id: "e1" }] } };
    case "POST /teams/t1/channels/19:c1@thread.tacv2/messages":
    case "POST /chats/19:c1/messages":
      if (!(json as Message).body?.content) return refused(400, "BadRequest", "Missing body content");
      return { status: 201, body: { id: "1616990032035", ...json } };
    case "POST /chats":
      return { status: 201, body: { id: "19:new", members: json.members ?? null } };
    case `GET ${workbook}/worksheets/Sheet1/usedRange(valuesOnly=true)`:
    case `GET ${workbook}/worksheets/Sheet1/range(address='A1:B3')`:
      return { body: { address: "Sheet1!A1:B3", values: rows } };
    case `POST ${workbook}/tables/Table1/rows`: {
      const values = json.values as unknown[][] | undefined;
      if (!values?.every((row) => row.length === 2)) {
        return refused(400, "InvalidArgument", "The argument is invalid or missing or has an incorrect format.");
      }
      return { status: 201, body: { index: 2, values: json.values ?? null } };
    }
    case "GET /me/drive/items/root/children":
      return list([
        { id: "f1", name: "a.csv" },
        { id: "f2", name: "b.csv" },
      ]);
    case "PUT /me/drive/items/root:/a b.csv:/content":
      return { status: 201, body: { id: "f3", name: "a b.csv", size: body.length, file: { mimeType: headers["content-type"] ?? null } } };
    case "GET /me/drive/items/f1/content":
      return { status: 302, headers: { location: `http://${headers.host}/download/f1` } };
    case "POST /me/drive/items/root/children":
      if (!json.folder || typeof json.name !== "string") return refused(400, "invalidRequest", "The request is malformed.");
      return { status: 201, body: { id: "d1", name: json.name, folder: { childCount: 0 } } };
    default:
      return path === "/download/f1"
        ? { headers: { "content-type": "text/csv" }, body: "1,2" }
        : refused(404, "itemNotFound", "The resource could not be found.");
  }
}
