import { expect, it } from "vitest";
import { isBrokenKey, signingKey } from "./signing-key";

it("is the bytes that Base64 stands for, and of any other secret its own", () => {
  expect(signingKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").toString("base64")).toBe("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  expect(signingKey("correct hörse").toString()).toBe("correct hörse");
});

it.each(["whsec_", "whsec_!!!!!!!!!!!!!!!!", "whsec_c2hvcnQgb25l"])("is never empty or short: %s", (secret) => {
  expect(signingKey(secret).toString()).toBe(secret);
  expect(isBrokenKey(secret)).toBe(true);
});
