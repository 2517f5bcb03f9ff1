const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A random identifier for a node or an edge; unlike `crypto.randomUUID` it works on plain http too. */
export function newId(length = 12): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
