import { readFileSync } from "node:fs";
import { z } from "zod";
import type { CredentialAccess } from "@/flow/credentials/access";
import { isSensitive } from "@/flow/credentials/fields";
import { credentialSettingsSchema } from "@/flow/credentials/settings";
import { CREDENTIAL_TYPES } from "@/flow/credentials/types";
import { FatalError } from "@/flow/execution/errors";
import type { PreparingClient } from "@/server/credentials/authorized-client";
import { createCredentialAccess } from "@/server/credentials/credential-access";
import type { OpenCredential } from "@/server/credentials/open";
import { CommandError } from "../failure";

const fileSchema = z.record(
  z.string(),
  z.object({
    type: z.enum(CREDENTIAL_TYPES),
    fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
    /** Where it may be sent: `api.example.com`. */
    allowedHosts: z.array(z.string()).default([]),
    settings: credentialSettingsSchema.default({}),
  }),
);

/**
 * The credentials of a run without a server: from a file of ours, by the id or name that the flow names them by. Without a file
 * there are none, and a node that needs one says so.
 * @param file `{"Shop": {"type": "bearer", "fields": {"token": "…"}, "allowedHosts": ["api.example.com"]}}`
 */
export function fileCredentials(file: string | undefined, http: PreparingClient): CredentialAccess {
  const known = file === undefined ? null : readFile(file);
  const find = (key: string | undefined): OpenCredential | null => {
    const found = key !== undefined && known && Object.hasOwn(known, key) ? known[key] : undefined;
    if (key === undefined || !found) return null;
    const secrets = Object.entries(found.fields).flatMap(([name, value]) => (isSensitive(found.type, name) ? [value] : []));
    return { id: key, name: key, organizationId: "", provider: null, version: 1, tokenExpiresAt: null, secrets, ...found };
  };
  return createCredentialAccess(
    {
      async open({ id, name }) {
        const found = find(id) ?? find(name);
        if (found) return found;
        const wanted = name ?? id;
        if (wanted === undefined) return null;
        throw new FatalError(
          file === undefined
            ? `The credential "${wanted}" is not here: a run without a server has none but those of --credentials <file>`
            : `${file} has no credential "${wanted}"`,
        );
      },
      renew: async (credential) => credential,
    },
    http,
  );
}

function readFile(file: string): z.output<typeof fileSchema> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // The parser would quote what is in it.
    const reason =
      error instanceof SyntaxError ? "it is not JSON" : `it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`;
    throw new CommandError(`--credentials ${file}: ${reason}`);
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(`--credentials ${file}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is wrong"}`);
}
