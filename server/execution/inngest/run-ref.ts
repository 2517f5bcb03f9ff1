const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * An Inngest run id (a ULID: 128 bits) as a uuid, so that an execution's row can name the run that holds it where it names
 * the worker that does: a second run of the same execution, and a run that was replaced, can then write nothing.
 */
export function runRefOf(runId: string): string {
  let bits = 0n;
  for (const letter of runId.toUpperCase()) {
    const digit = CROCKFORD.indexOf(letter);
    if (digit < 0) throw new Error(`"${runId}" is not the id of an Inngest run`);
    bits = bits * 32n + BigInt(digit);
  }
  const hex = (bits & ((1n << 128n) - 1n)).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The run id that `runRefOf` was given. */
export function runIdOf(runRef: string): string {
  let bits = BigInt(`0x${runRef.replaceAll("-", "")}`);
  let text = "";
  for (let position = 0; position < 26; position++) {
    text = CROCKFORD[Number(bits % 32n)] + text;
    bits /= 32n;
  }
  return text;
}
