import type { z } from "zod";
import { defineTool } from "@/flow/tools/define-tool";
import type { actionSchema } from "@/flow/tools/schema";
import { choice, email, fromInputs, limit, list, longText, number, object, required, text, texts } from "./inputs";

type ActionSource = z.input<typeof actionSchema>;
type Inputs = NonNullable<ActionSource["inputSchema"]>;

const record = (properties: Record<string, string>) => ({
  id: "512",
  properties: { createdate: "2019-10-30T03:30:17.883Z", hs_object_id: "512", ...properties },
  createdAt: "2019-10-30T03:30:17.883Z",
  updatedAt: "2019-12-07T16:50:06.678Z",
  archived: false,
});

const titled = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

interface Kind {
  /** As the API names them: `contacts`. */
  kind: string;
  one: string;
  many: string;
  id: string;
  fields: Inputs;
  /** Names of the fields that a new one needs. */
  needs: string[];
  sample: ReturnType<typeof record>;
  defaults: string;
}

/** What can be done with one kind of record, with its usual fields by name. */
function actionsOf({ kind, one, many, id, fields, needs, sample, defaults }: Kind): ActionSource[] {
  const group = titled(many);
  const body = { properties: fromInputs(...fields.map(({ name }) => name)) };
  const which = required(text(id, titled(one), `Id of the ${one}.`));
  const key = (verb: string): string => `${verb}-${one}`;
  return [
    {
      key: key("create"),
      name: `Create a ${one}`,
      group,
      method: "POST",
      endpoint: `/crm/v3/objects/${kind}`,
      inputSchema: fields.map((each) => (needs.includes(each.name) ? required(each) : each)),
      bodyType: "json",
      body,
      sample,
    },
    {
      key: key("get"),
      name: `Get a ${one}`,
      group,
      endpoint: `/crm/v3/objects/${kind}/{${id}}`,
      inputSchema: [which, text("properties", "Properties", { description: "Names separated by commas.", default: defaults })],
      query: fromInputs("properties"),
      sample,
    },
    {
      key: key("update"),
      name: `Update a ${one}`,
      description: "What is not given stays as it is.",
      group,
      method: "PATCH",
      endpoint: `/crm/v3/objects/${kind}/{${id}}`,
      inputSchema: [which, ...fields],
      bodyType: "json",
      body,
      sample,
    },
    {
      key: key("delete"),
      name: `Delete a ${one}`,
      description: "It goes to the recycling bin, from which it can be restored for 90 days.",
      group,
      method: "DELETE",
      endpoint: `/crm/v3/objects/${kind}/{${id}}`,
      inputSchema: [which],
      sample: null,
    },
    {
      key: `list-${many}`,
      name: `List ${many}`,
      group,
      endpoint: `/crm/v3/objects/${kind}`,
      inputSchema: [
        text("properties", "Properties", { description: "Names separated by commas.", default: defaults }),
        limit("limit", 100),
        text("after", "After", "paging.next.after of the answer before."),
      ],
      response: { items: "results" },
      pagination: { type: "cursor", path: "paging.next.after", name: "after" },
      sample: { results: [sample], paging: { next: { after: "525", link: "…" } } },
    },
    {
      key: `search-${many}`,
      name: `Search ${many}`,
      group,
      method: "POST",
      endpoint: `/crm/v3/objects/${kind}/search`,
      effect: "read",
      inputSchema: searchInputs(defaults.split(",")),
      response: { items: "results" },
      pagination: { type: "cursor", path: "paging.next.after", in: "body", name: "after" },
      sample: { total: 1, results: [sample] },
    },
  ];
}

const searchInputs = (properties: string[]): Inputs => [
  text("query", "Words", "In any of the searchable properties."),
  list(
    "filterGroups",
    "Filters",
    'Groups of which one must fit: [{"filters": [{"propertyName": "email", "operator": "EQ", "value": "ada@example.com"}]}].',
    { type: "object", required: ["filters"], properties: { filters: { type: "array", items: { type: "object" } } } },
  ),
  list("sorts", "Order", '[{"propertyName": "createdate", "direction": "DESCENDING"}]', { type: "object" }),
  texts("properties", "Properties", { description: "Names of those to give.", default: properties }),
  limit("limit", 200),
  text("after", "After", "paging.next.after of the answer before."),
];

const objectType = required(text("objectType", "Kind", "contacts, companies, deals, tickets, notes, tasks, … or the id of a custom one."));
const properties = required(object("properties", "Properties", "Values by the internal names of the properties."));
const associations = list(
  "associations",
  "Associations",
  '[{"to": {"id": "101"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}]}]',
  { type: "object", required: ["to", "types"] },
);
const owner = text("hubspot_owner_id", "Owner", "Id of an owner.");

export const hubspot = defineTool({
  key: "hubspot",
  name: "HubSpot",
  description: "Contacts, companies, deals, tickets and notes of the CRM, with the access token of a private app.",
  icon: "contact-round",
  baseUrl: "https://api.hubapi.com",
  auth: { type: "bearer" },
  test: { action: "list-owners", inputs: { limit: 1 } },
  actions: [
    ...actionsOf({
      kind: "contacts",
      one: "contact",
      many: "contacts",
      id: "contactId",
      fields: [
        email("email", "Email"),
        text("firstname", "First name"),
        text("lastname", "Last name"),
        text("phone", "Phone"),
        text("company", "Company"),
        text("jobtitle", "Job title"),
        text("website", "Website"),
        text("lifecyclestage", "Lifecycle stage", "lead, customer, …"),
        owner,
      ],
      needs: ["email"],
      defaults: "email,firstname,lastname,phone,company,lifecyclestage",
      sample: record({ email: "mark.s@example.com", firstname: "Mark", lastname: "S." }),
    }),
    {
      key: "upsert-contact",
      name: "Create or update a contact",
      description: "The contact with an email address, made when there is none.",
      group: "Contacts",
      method: "POST",
      endpoint: "/crm/v3/objects/contacts/batch/upsert",
      inputSchema: [required(email("email", "Email")), required(object("properties", "Properties", '{"firstname": "Ada", "phone": "…"}'))],
      bodyType: "json",
      body: { inputs: [{ idProperty: "email", id: "{{inputs.email}}", properties: "{{inputs.properties}}" }] },
      response: { items: "results" },
      sample: { status: "COMPLETE", results: [{ ...record({ email: "mark.s@example.com" }), new: false }] },
    },
    ...actionsOf({
      kind: "companies",
      one: "company",
      many: "companies",
      id: "companyId",
      fields: [
        text("name", "Name"),
        text("domain", "Domain"),
        text("phone", "Phone"),
        text("industry", "Industry", "By its internal name, such as COMPUTER_SOFTWARE."),
        text("city", "City"),
        text("country", "Country"),
        number("numberofemployees", "Employees"),
        longText("description", "Description"),
        owner,
      ],
      needs: ["name"],
      defaults: "name,domain,phone,industry,city,country",
      sample: record({ name: "Biglytics", domain: "biglytics.net" }),
    }),
    ...actionsOf({
      kind: "deals",
      one: "deal",
      many: "deals",
      id: "dealId",
      fields: [
        text("dealname", "Name"),
        text("pipeline", "Pipeline", { description: "Id of the pipeline.", default: "default" }),
        text("dealstage", "Stage", "Internal name or id, such as appointmentscheduled."),
        number("amount", "Amount"),
        text("closedate", "Closes", "2026-12-07T16:50:06.678Z"),
        owner,
      ],
      needs: ["dealname", "dealstage"],
      defaults: "dealname,pipeline,dealstage,amount,closedate",
      sample: record({ dealname: "Custom data integrations", pipeline: "default", dealstage: "presentationscheduled", amount: "1500.00" }),
    }),
    ...actionsOf({
      kind: "tickets",
      one: "ticket",
      many: "tickets",
      id: "ticketId",
      fields: [
        text("subject", "Subject"),
        longText("content", "Description"),
        text("hs_pipeline", "Pipeline", "Id of the pipeline; 0 is the first."),
        text("hs_pipeline_stage", "Stage", "Id of the stage; 1 is New of the first pipeline."),
        choice("hs_ticket_priority", "Priority", ["LOW", "MEDIUM", "HIGH", "URGENT"]),
        owner,
      ],
      needs: ["subject", "hs_pipeline_stage"],
      defaults: "subject,content,hs_pipeline,hs_pipeline_stage,hs_ticket_priority",
      sample: record({ subject: "Troubleshoot report", hs_pipeline: "0", hs_pipeline_stage: "1", hs_ticket_priority: "HIGH" }),
    }),
    {
      key: "create-note",
      name: "Add a note",
      description: "On the timeline of the records that it is associated with.",
      group: "Activities",
      method: "POST",
      endpoint: "/crm/v3/objects/notes",
      inputSchema: [
        required(longText("hs_note_body", "Note")),
        required(text("hs_timestamp", "At", "2026-11-12T15:48:22Z")),
        owner,
        associations,
      ],
      bodyType: "json",
      body: { properties: fromInputs("hs_note_body", "hs_timestamp", "hubspot_owner_id"), associations: "{{inputs.associations}}" },
      sample: record({ hs_note_body: "Spoke with decision maker", hs_timestamp: "2021-11-12T15:48:22Z" }),
    },
    {
      key: "create-task",
      name: "Create a task",
      group: "Activities",
      method: "POST",
      endpoint: "/crm/v3/objects/tasks",
      inputSchema: [
        required(text("hs_task_subject", "Title")),
        required(text("hs_timestamp", "Due", "2026-11-12T15:48:22Z")),
        longText("hs_task_body", "Text"),
        choice("hs_task_status", "Status", ["NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"], { default: "NOT_STARTED" }),
        choice("hs_task_priority", "Priority", ["LOW", "MEDIUM", "HIGH"]),
        owner,
        associations,
      ],
      bodyType: "json",
      body: {
        properties: fromInputs("hs_task_subject", "hs_timestamp", "hs_task_body", "hs_task_status", "hs_task_priority", "hubspot_owner_id"),
        associations: "{{inputs.associations}}",
      },
      sample: record({ hs_task_subject: "Follow-up for Brian Buyer", hs_task_status: "WAITING" }),
    },
    {
      key: "create-record",
      name: "Create a record",
      description: "Of any kind, with any properties.",
      group: "Records",
      method: "POST",
      endpoint: "/crm/v3/objects/{objectType}",
      inputSchema: [objectType, properties, associations],
      sample: record({}),
    },
    {
      key: "update-record",
      name: "Update a record",
      description: "Of any kind, with any properties.",
      group: "Records",
      method: "PATCH",
      endpoint: "/crm/v3/objects/{objectType}/{objectId}",
      inputSchema: [
        objectType,
        required(text("objectId", "Record", "Its id, or its value of the property that is named below.")),
        text("idProperty", "By property", "Such as email, where the record is not given by id."),
        properties,
      ],
      query: fromInputs("idProperty"),
      sample: record({}),
    },
    {
      key: "get-record",
      name: "Get a record",
      group: "Records",
      endpoint: "/crm/v3/objects/{objectType}/{objectId}",
      inputSchema: [
        objectType,
        required(text("objectId", "Record", "Its id, or its value of the property that is named below.")),
        text("idProperty", "By property", "Such as email, where the record is not given by id."),
        text("properties", "Properties", "Names separated by commas."),
        text("associations", "Associations", "Kinds of records to name, separated by commas."),
      ],
      sample: record({}),
    },
    {
      key: "search-records",
      name: "Search records",
      group: "Records",
      method: "POST",
      endpoint: "/crm/v3/objects/{objectType}/search",
      effect: "read",
      inputSchema: [objectType, ...searchInputs([])],
      response: { items: "results" },
      pagination: { type: "cursor", path: "paging.next.after", in: "body", name: "after" },
      sample: { total: 1, results: [record({})] },
    },
    {
      key: "associate-records",
      name: "Associate two records",
      group: "Records",
      method: "PUT",
      endpoint: "/crm/v4/objects/{fromType}/{fromId}/associations/default/{toType}/{toId}",
      inputSchema: [
        required(text("fromType", "Kind", "Such as contacts.")),
        required(text("fromId", "Record", "Its id.")),
        required(text("toType", "Kind of the other", "Such as companies.")),
        required(text("toId", "Other record", "Its id.")),
      ],
      sample: { status: "COMPLETE", results: [{ from: { id: "12345" }, to: { id: "67891" } }] },
    },
    {
      key: "list-owners",
      name: "List owners",
      description: "The people that records can belong to.",
      group: "Account",
      endpoint: "/crm/v3/owners",
      inputSchema: [text("email", "Email", "Only the one with this."), limit("limit", 500), text("after", "After")],
      response: { items: "results" },
      pagination: { type: "cursor", path: "paging.next.after", name: "after" },
      sample: {
        results: [{ id: "41629779", email: "owner@example.com", firstName: "Mia", lastName: "Krystof", userId: 9586504, archived: false }],
      },
    },
    {
      key: "list-properties",
      name: "List the properties of a kind",
      group: "Account",
      endpoint: "/crm/v3/properties/{objectType}",
      inputSchema: [objectType],
      response: { items: "results" },
      sample: { results: [{ name: "firstname", label: "First Name", type: "string", fieldType: "text", groupName: "contactinformation" }] },
    },
    {
      key: "list-pipelines",
      name: "List the pipelines of a kind",
      description: "With the ids of their stages.",
      group: "Account",
      endpoint: "/crm/v3/pipelines/{objectType}",
      inputSchema: [required(choice("objectType", "Kind", ["deals", "tickets"]))],
      response: { items: "results" },
      sample: {
        results: [{ id: "default", label: "Sales Pipeline", stages: [{ id: "appointmentscheduled", label: "Appointment Scheduled" }] }],
      },
    },
  ],
});
