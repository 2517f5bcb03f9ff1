import { randomBytes } from "node:crypto";
import { FatalError } from "@/flow/execution/errors";
import { isDatabaseAway } from "../execution/embedded/connection";
import { isUnsent, patiently } from "../execution/patience";

/** A version that no other write has: below zero, where the column's own sequence never comes. */
export const newVersion = (): string => (-(randomBytes(8).readBigUInt64BE() >> 1n) - 1n).toString();

/**
 * A change that is made only where the value still has the version that was read, sent until the database answers. After a
 * connection broke in the middle it may have been made, and so may find another version the next time: its own.
 *
 * @param version what is kept when the change was made; null for a deletion
 * @returns false where somebody else changed the value before
 * @throws FatalError when nobody can tell: the answer was lost, and others have changed the value by now
 */
export async function onceKnown(
  key: string,
  change: () => Promise<{ rowCount: number | null }>,
  kept: () => Promise<string | null>,
  version: string | null,
): Promise<boolean> {
  let mayBeMade = false;
  const { rowCount } = await patiently(() =>
    change().catch((error: unknown) => {
      if (isDatabaseAway(error) && !isUnsent(error)) mayBeMade = true;
      throw error;
    }),
  );
  if (rowCount === 1) return true;
  if (!mayBeMade) return false;
  if ((await kept()) === version) return true;
  throw new FatalError(
    `The database went away while the value of "${key}" was changed, and others have changed it since: whether this change was made is not known`,
  );
}
