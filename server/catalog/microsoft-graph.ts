import type { z } from "zod";
import type { actionSchema } from "@/flow/tools/schema";
import { limit, text } from "./inputs";

type ActionSource = z.input<typeof actionSchema>;

/** What Microsoft's tools have in common: one API, one kind of account. */
export const graph = (...scopes: string[]) => ({
  baseUrl: "https://graph.microsoft.com/v1.0",
  auth: { type: "oauth2" as const, provider: "microsoft", scopes: ["offline_access", "User.Read", ...scopes] },
  test: { action: "get-me" },
});

/** Lists come in pages, each with the address of the next one. */
export const pages = {
  response: { items: "value" },
  pagination: { type: "url" as const, path: ["@odata.nextLink"] },
};
export const top = (most: number) => limit("top", most);
export const filter = (example: string) => text("filter", "Filter", `In OData: ${example}.`);
export const listQuery = { $top: "{{inputs.top}}", $filter: "{{inputs.filter}}" };

/** Recipients of a message, from addresses with commas between them. */
export const recipients = (name: string) => ({ $each: name, value: { emailAddress: { address: `{{inputs.${name}}}` } } });

export const getMe: ActionSource = {
  key: "get-me",
  name: "Get who the account is of",
  group: "Account",
  endpoint: "/me",
  sample: {
    id: "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
    displayName: "Adele Vance",
    mail: "AdeleV@contoso.com",
    userPrincipalName: "AdeleV@contoso.com",
    jobTitle: "Product Marketing Manager",
  },
};
