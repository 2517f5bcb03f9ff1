import { CommandError } from "../failure";

/** What documentation and examples show, and so everybody knows. */
const examples = /change[-_ ]?me|your[-_ ]|example|placeholder|^(secret|password|test)/i;

/**
 * A deployment brings its own secrets; a guessable one would let anybody sign in as anyone.
 * @throws CommandError that says which variable is missing or an example
 */
export function assertDeploymentSecrets(environment: Readonly<Record<string, string | undefined>>): void {
  const howTo = "Make one with: openssl rand -base64 32";
  const secret = environment.NEXTAUTH_SECRET?.trim() ?? "";
  if (secret === "")
    throw new CommandError(`NEXTAUTH_SECRET is not set, and DATABASE_URL is: a deployment needs a secret of its own. ${howTo}`);
  if (examples.test(secret) || new Set(secret).size < 8)
    throw new CommandError(`NEXTAUTH_SECRET is an example, which anybody can guess. ${howTo}`);
  if (secret.length < 32) throw new CommandError(`NEXTAUTH_SECRET is too short (${secret.length} characters, at least 32). ${howTo}`);
}
