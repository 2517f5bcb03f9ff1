import { expect, test } from "vitest";
import { emailIsVerified, verifiedGitHubEmail } from "./oauth-providers";

test("of GitHub's addresses only a verified one counts, the primary one first", () => {
  const email = (address: string, primary: boolean, verified: boolean) => ({ email: address, primary, verified, visibility: null });
  expect(verifiedGitHubEmail([email("a@x.test", false, true), email("b@x.test", true, true)])).toBe("b@x.test");
  expect(verifiedGitHubEmail([email("a@x.test", false, true), email("b@x.test", true, false)])).toBe("a@x.test");
  expect(verifiedGitHubEmail([email("b@x.test", true, false)])).toBeNull();
  expect(verifiedGitHubEmail({ message: "Bad credentials" })).toBeNull();
});

test("an address counts as verified only when the provider says true", () => {
  expect(emailIsVerified({ email_verified: true })).toBe(true);
  for (const profile of [{ email_verified: "true" }, { email_verified: 1 }, {}, null, undefined])
    expect(emailIsVerified(profile)).toBe(false);
});
