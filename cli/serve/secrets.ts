import { secretWeakness } from "@/server/auth/secret-weakness";
import { CommandError } from "../failure";

/**
 * A deployment brings its own secrets; a guessable one would let anybody sign in as anyone.
 * @throws CommandError that says which variable is missing or an example
 */
export function assertDeploymentSecrets(environment: Readonly<Record<string, string | undefined>>): void {
  const secret = environment.NEXTAUTH_SECRET?.trim() ?? "";
  const weakness = secretWeakness(secret);
  if (!weakness) return;
  const what = secret === "" ? "is not set, and DATABASE_URL is: a deployment needs a secret of its own" : weakness;
  throw new CommandError(`NEXTAUTH_SECRET ${what}. Make one with: openssl rand -base64 32`);
}
