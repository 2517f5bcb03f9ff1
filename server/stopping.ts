// The framework bundles entry points apart: a module variable would be one for each.
const holder = globalThis as unknown as { tolstoyIsStopping?: true };

/** From now on the process finishes what it is at, and takes on nothing that another one can do. There is no way back. */
export function beginStopping(): void {
  holder.tolstoyIsStopping = true;
}

export const isStopping = (): boolean => holder.tolstoyIsStopping === true;
