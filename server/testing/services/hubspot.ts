import type { JsonObject } from "@/flow/item";
import type { ServiceAnswer, ServiceRequest } from "./fake-service";

export const HUBSPOT_TOKEN = "pat-eu1-01234567-89ab-cdef-0123-456789abcdef";

const refused = (status: number, category: string, message: string): ServiceAnswer => ({
  status,
  body: { status: "error", message, correlationId: "aeb5f871-7f07-4993-9211-075dc63e7cbf", category },
});

const record = (id: number | string, properties: unknown): JsonObject => ({
  id: String(id),
  properties: { ...(properties as JsonObject), hs_object_id: String(id) },
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  archived: false,
});

/** HubSpot's CRM API as developers.hubspot.com describes it, for an account with three contacts. */
export function hubspot({ method, path, query, headers, json }: ServiceRequest): ServiceAnswer {
  if (headers.authorization !== `Bearer ${HUBSPOT_TOKEN}`) {
    return refused(401, "INVALID_AUTHENTICATION", "Authentication credentials not found. This API supports OAuth 2.0 authentication.");
  }
  const page = (after: unknown, size: unknown) => {
    const [from, count] = [Number(after ?? 0), Number(size ?? 10)];
    const results = [1, 2, 3].slice(from, from + count).map((id) => record(id, { email: `c${id}@example.com` }));
    return { results, ...(from + count < 3 && { paging: { next: { after: String(from + count), link: "https://api.hubapi.com/…" } } }) };
  };
  switch (`${method} ${path}`) {
    case "GET /crm/v3/owners":
      return { body: { results: [{ id: "41629779", email: "owner@example.com" }] } };
    case "POST /crm/v3/objects/contacts": {
      const { email } = (json.properties ?? {}) as JsonObject;
      if (email === "taken@example.com") return refused(409, "CONFLICT", "Contact already exists. Existing ID: 1");
      return { status: 201, body: record(512, json.properties) };
    }
    case "POST /crm/v3/objects/contacts/batch/upsert": {
      const [given] = json.inputs as [{ idProperty?: string; id: string; properties: JsonObject }];
      if (given?.idProperty !== "email") return refused(400, "VALIDATION_ERROR", "idProperty is required");
      return { body: { status: "COMPLETE", results: [{ ...record(1, { ...given.properties, email: given.id }), new: false }] } };
    }
    case "PATCH /crm/v3/objects/contacts/ada%40example.com":
      if (query.idProperty !== "email") return refused(404, "OBJECT_NOT_FOUND", "resource not found");
      return { body: record(1, json.properties) };
    case "GET /crm/v3/objects/contacts":
      return { body: page(query.after, query.limit) };
    case "POST /crm/v3/objects/contacts/search":
      if (json.filterGroups !== undefined && !Array.isArray(json.filterGroups))
        return refused(400, "VALIDATION_ERROR", "Invalid input JSON");
      return { body: { total: 3, ...page(json.after, json.limit) } };
    case "DELETE /crm/v3/objects/contacts/1":
      return { status: 204 };
    default:
      return refused(404, "OBJECT_NOT_FOUND", "resource not found");
  }
}
