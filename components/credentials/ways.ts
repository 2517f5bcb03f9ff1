import { type CredentialField, isSensitive } from "@/flow/credentials/fields";
import type { CredentialType } from "@/flow/credentials/types";
import type { ToolDefinition } from "@/flow/tools/schema";
import { fieldsFor } from "./credential-fields";

/** One way of proving oneself to a service. */
export interface Way {
  type: CredentialType;
  /** What the form asks for; absent where people name the fields themselves. */
  fields?: readonly CredentialField[];
}

const namesIn = (text: string): string[] => [...text.matchAll(/\{\{\s*(?:secrets|auth)\.([\w-]+)\s*\}\}/g)].map(([, name]) => name ?? "");
const asked = (name: string): CredentialField => ({ name, label: name, sensitive: isSensitive("custom", name), required: true });
/** Names by which a tool asks for the one secret that it takes. */
const ONE_TOKEN = /^(token|access_token|bot_token|api_key|key)$/;

/** How callers of a tool may prove who they are, the usual way first; none for a tool that wants no proof. */
export function waysFor({ key, auth, baseUrl }: Pick<ToolDefinition, "key" | "auth" | "baseUrl">): Way[] {
  const way = (type: CredentialType): Way => {
    const known = fieldsFor(type, key);
    const ofAddress = namesIn(baseUrl).filter((name) => !known.some((field) => field.name === name) && !ONE_TOKEN.test(name));
    return { type, fields: [...ofAddress.map(asked), ...known] };
  };
  switch (auth.type) {
    case "oauth2":
      return [way("oauth2"), way("bearer")];
    case "bearer":
      return [way("bearer")];
    case "basic":
      return [way("basic_auth")];
    case "apiKey":
      return [way("api_key")];
    case "custom": {
      const names = [...new Set([baseUrl, ...Object.values(auth.headers)].flatMap(namesIn))];
      const [first = "token", ...others] = names;
      return others.length === 0 && ONE_TOKEN.test(first) ? [way("bearer")] : [{ type: "custom", fields: names.map(asked) }];
    }
    default:
      return [];
  }
}
