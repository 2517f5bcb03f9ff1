import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resetEnv } from "../env";
import { isOutdated, openEnvelope, rewrap, sealEnvelope } from "./envelope";

const owner = { organizationId: "org-a", credentialId: "cred-1" };
const K1 = `k1:${"a".repeat(43)}=`;
const K2 = `k2:${"b".repeat(43)}=`;

const use = (keys: string) => {
  process.env.TOLSTOY_MASTER_KEYS = keys;
  resetEnv();
};

const before = { ...process.env };
beforeEach(() => {
  process.env.DATABASE_URL ??= "postgresql://none.invalid/none";
  process.env.NEXTAUTH_SECRET = "a secret for tests that nobody uses elsewhere";
  use(K1);
});
afterEach(() => {
  process.env = { ...before };
  resetEnv();
});

describe("a sealed credential", () => {
  it("opens for its own organization and credential only", () => {
    const sealed = sealEnvelope("sk-secret", owner);
    expect(sealed).not.toContain("sk-secret");
    expect(openEnvelope(sealed, owner)).toBe("sk-secret");
    expect(() => openEnvelope(sealed, { ...owner, organizationId: "org-b" })).toThrow("not what was stored");
    expect(() => openEnvelope(sealed, { ...owner, credentialId: "cred-2" })).toThrow("not what was stored");
    expect(() => openEnvelope(sealed, { organizationId: "org-acred-", credentialId: "1" })).toThrow("not what was stored");
  });

  it("opens not with any bit changed", () => {
    const parts = sealEnvelope("sk-secret", owner).split(".");
    for (const index of [2, 3]) {
      const bytes = Buffer.from(parts[index] ?? "", "base64url");
      for (const at of [0, 12, bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const forged = parts.with(index, changed.toString("base64url")).join(".");
        expect(() => openEnvelope(forged, owner)).toThrow("not what was stored");
      }
    }
  });

  it("is never the same twice", () => {
    expect(sealEnvelope("x", owner)).not.toBe(sealEnvelope("x", owner));
  });

  it("names the master key that is lost", () => {
    const sealed = sealEnvelope("sk-secret", owner);
    use(K2);
    expect(() => openEnvelope(sealed, owner)).toThrow('The master key "k1" that it was stored with is not configured');
    use(`${K2},${K1}`);
    expect(openEnvelope(sealed, owner)).toBe("sk-secret");
  });

  it("is rewrapped under a new master key, its data untouched", () => {
    const sealed = sealEnvelope("sk-secret", owner);
    use(`${K2},${K1}`);
    expect(isOutdated(sealed)).toBe(true);
    const rewrapped = rewrap(sealed, owner);
    expect(isOutdated(rewrapped)).toBe(false);
    expect(rewrapped.split(".")[3]).toBe(sealed.split(".")[3]);
    use(K2);
    expect(openEnvelope(rewrapped, owner)).toBe("sk-secret");
  });
});
