import { randomBytes } from "node:crypto";
import { useApplicationDatabase } from "../database/organization";
import { CommandError } from "../failure";
import { localSecrets } from "../local-secrets";
import { readSettings } from "../settings";

/** Prints a key that no other has the id of. */
export function newKey(): void {
  const taken = new Set(readSettings().TOLSTOY_MASTER_KEYS.map(({ id }) => id));
  let number = 1;
  while (taken.has(`k${number}`)) number++;
  process.stdout.write(`k${number}:${randomBytes(32).toString("base64url")}\n`);
}

/** Seals what is stored anew with the first master key; works beside the running app. */
export async function rotate(): Promise<void> {
  const settings = readSettings();
  if (settings.TOLSTOY_MASTER_KEYS.length === 0) {
    throw new CommandError(
      "TOLSTOY_MASTER_KEYS is not set. Put a new key in it (tolstoy keys new), start the app with it, then run this: what was sealed with NEXTAUTH_SECRET moves over.",
    );
  }
  // What was sealed before there were master keys was sealed with a key made from this.
  process.env.NEXTAUTH_SECRET = process.env.NEXTAUTH_SECRET?.trim() || localSecrets(settings.DATA_DIR).nextAuthSecret;
  await useApplicationDatabase();
  const [{ closeDb }, { resetEnv }] = await Promise.all([import("@/server/db"), import("@/server/env")]);
  resetEnv();
  try {
    const { rotateMasterKeys } = await import("@/server/services/keys/rotate");
    const { current, resealed, unreadable } = await rotateMasterKeys();
    process.stdout.write(`${resealed} stored secrets are now sealed with the key "${current}".\n`);
    for (const { what, reason } of unreadable) process.stderr.write(`${what} was left as it is: ${reason}\n`);
    if (unreadable.length > 0) process.exitCode = 1;
  } finally {
    await closeDb();
  }
}
