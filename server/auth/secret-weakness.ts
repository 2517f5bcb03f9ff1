/** What documentation and examples show, and so everybody knows. */
const examples = /change[-_ ]?me|your[-_ ]|example|placeholder|^(secret|password|test)/i;

/** Why a secret must not sign anything, as the rest of a sentence; null when it may. */
export function secretWeakness(secret: string): string | null {
  if (secret === "") return "is not set";
  if (examples.test(secret) || new Set(secret).size < 8) return "is an example, which anybody can guess";
  return secret.length < 32 ? `is too short (${secret.length} characters, at least 32)` : null;
}
