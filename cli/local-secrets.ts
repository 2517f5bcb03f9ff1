import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { CommandError } from "./failure";

const secretsSchema = z.object({
  postgresPassword: z.string().min(1),
  /** Signs sessions and resume links. */
  nextAuthSecret: z.string().min(32),
  demoPassword: z.string().min(1),
});
export type LocalSecrets = z.infer<typeof secretsSchema>;

/**
 * What a local start needs to keep secret, generated at its first run into the data folder, readable by its owner only.
 * Secrets that a later version needs are added to the file.
 */
export function localSecrets(dataDirectory: string): LocalSecrets {
  // Others may pass through (the embedded Postgres may have to run as another user), not look around.
  mkdirSync(dataDirectory, { recursive: true, mode: 0o711 });
  const file = path.join(dataDirectory, "secrets.json");
  const known = existsSync(file) ? readSecrets(file) : {};
  const secrets = secretsSchema.safeParse({ ...generate(), ...known });
  if (!secrets.success)
    throw new CommandError(`${file} is damaged (${secrets.error.issues[0]?.path.join(".")}). Restore it, or delete the data folder.`);
  if (Object.keys(secrets.data).some((name) => !(name in known))) {
    // Renaming is atomic: a killed start leaves the old file or the new one, never half.
    writeFileSync(`${file}.new`, `${JSON.stringify(secrets.data, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets.data;
}

function readSecrets(file: string): object {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as object;
  } catch {
    throw new CommandError(`${file} is damaged. Restore it, or delete the data folder.`);
  }
}

const generate = (): LocalSecrets => ({
  postgresPassword: randomBytes(24).toString("base64url"),
  nextAuthSecret: randomBytes(32).toString("base64url"),
  // Typed by people: no characters that look alike.
  demoPassword: Array.from(randomBytes(12), (byte) => "abcdefghjkmnpqrstuvwxyz23456789"[byte % 31]).join(""),
});
