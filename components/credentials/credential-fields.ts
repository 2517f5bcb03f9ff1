import { accountFieldsOf } from "@/flow/credentials/account-fields";
import { CREDENTIAL_FIELDS, type CredentialField, isSensitive } from "@/flow/credentials/fields";
import { credentialKind } from "@/flow/credentials/kinds";
import type { CredentialType } from "@/flow/credentials/types";
import { TOOL_HINTS } from "./service-hints";

/** The known fields of a credential for a tool, as the service calls them. */
export function fieldsFor(type: CredentialType, toolKey: string | null | undefined): CredentialField[] {
  const labels = toolKey ? TOOL_HINTS[toolKey]?.labels : undefined;
  // What a tool takes is known: nothing beside it is asked for.
  const ofType = CREDENTIAL_FIELDS[type].filter(({ required }) => required || !toolKey);
  return [...accountFieldsOf(toolKey ?? undefined), ...ofType].map((field) => ({
    ...field,
    label: labels?.[field.name] ?? field.label,
  }));
}

/** `private_key` as people read it. */
const readable = (name: string): string => {
  const words = name.replaceAll(/[_.-]+/g, " ").trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

/** All fields of a credential that there is: those of its kind or type, then whatever else is stored. */
export function fieldsOfCredential(credential: {
  type: CredentialType;
  toolKey: string | null;
  fields: Readonly<Record<string, string>>;
  settings: { kind?: string | undefined };
}): CredentialField[] {
  const kind = credentialKind(credential.settings.kind ?? "");
  const known: readonly CredentialField[] = kind?.fields ?? fieldsFor(credential.type, credential.toolKey);
  const others = Object.keys(credential.fields).filter((name) => !known.some((field) => field.name === name));
  return [
    ...known,
    // Names that somebody gave are their own labels.
    ...others.map((name) => ({
      name,
      label: credential.type === "custom" ? name : readable(name),
      sensitive: isSensitive(credential.type, name),
      required: false,
    })),
  ];
}
