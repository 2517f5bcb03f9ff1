import type { JsonObject } from "../../item";
import type { Source } from "../source";
import { type Call, chosen, given, keyValues, listed, read, serviceMapping, write } from "./actions";

/** HubSpot's names of properties by n8n's of fields. */
const CONTACT = {
  city: "city",
  companyName: "company",
  contactOwner: "hubspot_owner_id",
  country: "country",
  faxNumber: "fax",
  firstName: "firstname",
  gender: "gender",
  industry: "industry",
  jobTitle: "jobtitle",
  lastName: "lastname",
  leadStatus: "hs_lead_status",
  lifeCycleStage: "lifecyclestage",
  message: "message",
  mobilePhoneNumber: "mobilephone",
  phoneNumber: "phone",
  postalCode: "zip",
  salutation: "salutation",
  stateRegion: "state",
  streetAddress: "address",
  websiteUrl: "website",
};
const COMPANY = {
  aboutUs: "about_us",
  annualRevenue: "annualrevenue",
  city: "city",
  companyDomainName: "domain",
  companyOwner: "hubspot_owner_id",
  countryRegion: "country",
  description: "description",
  industry: "industry",
  leadStatus: "hs_lead_status",
  lifecycleStatus: "lifecyclestage",
  name: "name",
  numberOfEmployees: "numberofemployees",
  phoneNumber: "phone",
  postalCode: "zip",
  stateRegion: "state",
  streetAddress: "address",
  type: "type",
  websiteUrl: "website",
  yearFounded: "founded_year",
};
const DEAL = {
  amount: "amount",
  closeDate: "closedate",
  dealName: "dealname",
  dealOwner: "hubspot_owner_id",
  dealType: "dealtype",
  description: "description",
  pipeline: "pipeline",
  stage: "dealstage",
};
const TICKET = {
  category: "hs_ticket_category",
  description: "content",
  pipelineId: "hs_pipeline",
  priority: "hs_ticket_priority",
  resolution: "hs_resolution",
  stageId: "hs_pipeline_stage",
  ticketName: "subject",
  ticketOwnerId: "hubspot_owner_id",
};

const renamed = (prefix: string, names: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(names).map(([theirs, ours]) => [`${prefix}.${theirs}`, ours]));

function properties(source: Source, prefix: string, names: Readonly<Record<string, string>>): JsonObject {
  const custom = keyValues(source, `${prefix}.customPropertiesUi.customPropertiesValues`, "property", "value");
  return { ...given(source, renamed(prefix, names)), ...custom };
}

/** n8n has the form of an older API. */
const differs = (source: Source): void =>
  source.changed(null, "answers have the form of HubSpot's newer API: the values are texts in properties");

function kind(one: string, many: string, id: string, names: Readonly<Record<string, string>>, needed: Readonly<Record<string, string>>) {
  const which = (source: Source): JsonObject => ({ [id]: chosen(source, id) });
  const call = (make: (source: Source) => Call) => (source: Source) => {
    differs(source);
    return make(source);
  };
  return {
    [`${one}:create`]: call((source) =>
      write("create-record", {
        objectType: many,
        properties: { ...given(source, needed), ...properties(source, "additionalFields", names) },
      }),
    ),
    [`${one}:delete`]: call((source) => write(`delete-${one}`, which(source))),
    [`${one}:get`]: call((source) => read(`get-${one}`, which(source))),
    [`${one}:getAll`]: call((source) => listed(source, `list-${many}`, { name: "limit", most: 100, usual: 100 })),
    [`${one}:update`]: call((source) =>
      write("update-record", { objectType: many, objectId: chosen(source, id), properties: properties(source, "updateFields", names) }),
    ),
  };
}

/** Names of properties stand there with their kind: `email|string`. */
const plainName = (value: unknown): string => String(value ?? "").replace(/\|[^|]*$/, "");

const searched =
  (many: string) =>
  (source: Source): Call => {
    differs(source);
    const filterGroups = source.list("filterGroupsUi.filterGroupsValues").map((group): JsonObject => {
      const { filterValues } = (group.filtersUi ?? {}) as JsonObject;
      const filters = (Array.isArray(filterValues) ? (filterValues as JsonObject[]) : []).map(
        ({ propertyName, operator = "EQ", value, values }): JsonObject => ({
          propertyName: plainName(propertyName),
          operator,
          ...(value !== undefined && value !== "" && { value }),
          ...(values !== undefined && values !== "" && { values: String(values).split(";") }),
        }),
      );
      return { filters };
    });
    const words = source.text("additionalFields.query");
    const sortBy = plainName(source.text("additionalFields.sortBy"));
    const wanted =
      source.get("additionalFields.properties") ?? source.get("additionalFields.propertiesCollection.propertiesValues.properties");
    const sorts = [{ propertyName: sortBy, direction: source.text("additionalFields.direction", "DESCENDING") }];
    return listed(source, `search-${many}`, {
      name: "limit",
      most: 200,
      usual: 100,
      inputs: {
        ...(filterGroups.length > 0 && { filterGroups }),
        ...(words !== "" && { query: words }),
        ...(sortBy !== "" && { sorts }),
        ...(Array.isArray(wanted) && { properties: wanted.map(plainName) }),
      },
    });
  };

/** The newest first. */
const recent =
  (many: string, changedAt: string) =>
  (source: Source): Call => {
    differs(source);
    source.ignore("operationMode", "additionalFields", "filters");
    const sorts = [{ propertyName: changedAt, direction: "DESCENDING" }];
    return listed(source, `search-${many}`, { name: "limit", most: 200, usual: 100, inputs: { sorts } });
  };

export const hubspot = serviceMapping({
  tool: "hubspot",
  auth: "bearer",
  resource: "contact",
  operation: { contact: "upsert", company: "create", deal: "create", engagement: "create", ticket: "create" },
  calls: {
    ...kind("contact", "contacts", "contactId", CONTACT, { email: "email" }),
    "contact:upsert": (source) => {
      differs(source);
      source.ignore("options.resolveData");
      return write("upsert-contact", { ...given(source, { email: "email" }), properties: properties(source, "additionalFields", CONTACT) });
    },
    "contact:search": searched("contacts"),
    "contact:getRecentlyCreatedUpdated": recent("contacts", "lastmodifieddate"),
    "company:getRecentlyCreatedUpdated": recent("companies", "hs_lastmodifieddate"),
    "deal:getRecentlyCreatedUpdated": recent("deals", "hs_lastmodifieddate"),
    ...kind("company", "companies", "companyId", COMPANY, { name: "name" }),
    "company:searchByDomain": (source) => {
      differs(source);
      const filterGroups = [{ filters: [{ propertyName: "domain", operator: "EQ", value: source.text("domain") }] }];
      return listed(source, "search-companies", { name: "limit", most: 200, usual: 100, inputs: { filterGroups } });
    },
    ...kind("deal", "deals", "dealId", DEAL, { stage: "dealstage" }),
    "deal:search": searched("deals"),
    ...kind("ticket", "tickets", "ticketId", TICKET, { pipelineId: "hs_pipeline", stageId: "hs_pipeline_stage", ticketName: "subject" }),
  },
});
