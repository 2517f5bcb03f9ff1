import type { ServiceAnswer, ServiceRequest } from "./fake-service";

// Not in the form of Airtable's own: scanners for leaked keys would take it for one.
export const AIRTABLE_TOKEN = "token-of-an-airtable-user-0123456789";

const records = ["rec1", "rec2", "rec3"].map((id, index) => ({ id, fields: { Age: index } }));

/** Airtable's API, as airtable.com/developers describes it. */
export function airtable({ method, path, query, headers, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${AIRTABLE_TOKEN}`) {
    return { status: 401, body: { error: { type: "AUTHENTICATION_REQUIRED", message: "Authentication required" } } };
  }
  switch (`${method} ${decodeURIComponent(path)}`) {
    case "GET /v0/meta/whoami":
      return { body: { id: "usr1" } };
    case "GET /v0/app1/My people": {
      const start = Number(query.offset ?? 0);
      const next = start + Number(query.pageSize);
      return { body: { records: records.slice(start, next), ...(next < records.length && { offset: String(next) }) } };
    }
    case "PATCH /v0/app1/My people":
      return { body: { records: [{ id: "rec9", ...json }], createdRecords: ["rec9"], updatedRecords: [] } };
    default:
      return { status: 404, body: { error: "NOT_FOUND" } };
  }
}
