import { FatalError } from "../execution/errors";
import type { Json } from "../item";

/** Entries that one `list` gives at most. */
export const MAX_LISTED = 1000;
const MAX_KEY_CHARACTERS = 512;
export const MAX_VALUE_CHARACTERS = 1024 * 1024;

/**
 * A value as the JSON text that is kept.
 * @throws FatalError that names the key, for what is too long.
 */
export function assertStorable(key: string, value: Json): string {
  if (key === "") throw new FatalError("A stored value needs a key");
  if (key.length > MAX_KEY_CHARACTERS || key.includes("\u0000")) {
    throw new FatalError(`The key "${key.slice(0, 50)}…" can't be stored: a key has at most ${MAX_KEY_CHARACTERS} characters`);
  }
  const text = JSON.stringify(value);
  if (text.length > MAX_VALUE_CHARACTERS) {
    throw new FatalError(
      `The value of "${key}" has ${text.length} characters as JSON; at most ${MAX_VALUE_CHARACTERS} are stored. Keep less, or under several keys.`,
    );
  }
  return text;
}
