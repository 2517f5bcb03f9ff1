import { afterAll, beforeAll, describe, it } from "vitest";
import { behaviours } from "./behaviours";
import type { Ability, Harness } from "./harness";

export interface HarnessUnderTest extends Harness {
  /** Checks what must hold at the end, and ends everything. */
  close(): Promise<void>;
}

/** Runs every behaviour that a host is able to. */
export function conform(host: string, abilities: readonly Ability[], open: () => Promise<HarnessUnderTest>): void {
  describe(`${host} host`, () => {
    let harness: HarnessUnderTest;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness?.close());

    for (const { name, needs = [], timeoutMs, run } of behaviours) {
      if (needs.every((need) => abilities.includes(need))) it(name, { ...(timeoutMs && { timeout: timeoutMs }) }, () => run(harness));
    }
  });
}
