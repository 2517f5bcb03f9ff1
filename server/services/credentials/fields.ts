import { z } from "zod";
import { CREDENTIAL_FIELDS, isSensitive, leastLength } from "@/flow/credentials/fields";
import { parseBoundHost } from "@/flow/credentials/hosts";
import { type CredentialKind, credentialKind } from "@/flow/credentials/kinds";
import type { CredentialType } from "@/flow/credentials/types";
import type { SecretFields } from "@/server/secrets/secret-store";
import { type Issue, ServiceError } from "../errors";

const FIELD_NAME = /^[A-Za-z][\w.-]{0,99}$/;

/** Values by name. Numbers and switches are kept as text. */
export const fieldsSchema = z
  .record(z.string(), z.union([z.string().max(32_768, "must be at most 32768 characters long"), z.number(), z.boolean()]).transform(String))
  .superRefine((fields, context) => {
    if (Object.keys(fields).length > 50) context.addIssue({ code: "custom", message: "has too many fields" });
    const wrong = Object.keys(fields).find((name) => !FIELD_NAME.test(name));
    if (wrong !== undefined) {
      context.addIssue({
        code: "custom",
        message: "has a name that does not begin with a letter, or has more in it than letters, digits, _, - and .",
      });
    }
  });

export const hostsSchema = z
  .array(
    z
      .string()
      .trim()
      .max(300)
      .refine((host) => parseBoundHost(host) !== null, "is not a host: write api.example.com, *.example.com or http://localhost:3000"),
  )
  .max(50);

/**
 * What is wrong with the values of a credential.
 * @throws ServiceError `invalid` with one issue a field; no issue quotes a value
 */
export function assertFields(type: CredentialType, fields: SecretFields, isForTool: boolean): void {
  const issues: Issue[] = [];
  const complain = (name: string, message: string, code: string) => issues.push({ field: `fields.${name}`, message, code });
  if (type !== "custom") {
    for (const { name, required } of CREDENTIAL_FIELDS[type]) {
      if (required && !fields[name]) complain(name, "is missing", "missing");
    }
  } else if (Object.keys(fields).length === 0)
    issues.push({ field: "fields", message: "has no field: give at least one", code: "missing" });
  for (const [name, value] of Object.entries(fields)) {
    if (value.includes("\u0000")) complain(name, "contains a NUL character", "invalid");
    else if (value !== "" && isSensitive(type, name) && value.length < leastLength(type, name, isForTool)) {
      complain(name, `must be at least ${leastLength(type, name, isForTool)} characters long`, "too_small");
    } else if (type !== "custom" && hasControlCharacter(value)) complain(name, "has a line break or control character in it", "invalid");
  }
  if (issues.length === 0) return;
  throw new ServiceError("invalid", issues.map(({ field, message }) => `${field}: ${message}`).join("; "), { issues });
}

/**
 * The kind of a custom credential, when it says one.
 * @throws ServiceError `invalid` for one that does not exist, and for each field that it wants and does not get
 */
export function assertKind(key: string | undefined, fields: SecretFields): CredentialKind | undefined {
  if (key === undefined) return undefined;
  const kind = credentialKind(key);
  if (!kind) throw new ServiceError("invalid", `settings.kind: there is no kind "${key}"`);
  const missing = kind.fields.filter(({ name, required }) => required && !fields[name]);
  if (missing.length === 0) return kind;
  const issues = missing.map(({ name }): Issue => ({ field: `fields.${name}`, message: "is missing", code: "missing" }));
  throw new ServiceError("invalid", issues.map(({ field, message }) => `${field}: ${message}`).join("; "), { issues });
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
