import { createHmac, timingSafeEqual } from "node:crypto";
import { appUrl, authSecret } from "../auth/settings";

const signature = (executionId: string): Buffer => createHmac("sha256", authSecret()).update(`resume:${executionId}`).digest();

/** Where a call resumes a waiting step of this execution. Whoever holds the link may use it; it is good for nothing else. */
export const resumeUrl = (executionId: string): string =>
  `${appUrl().origin}/api/resume/${executionId}/${signature(executionId).toString("base64url")}`;

/** Whether `token` is the one of this execution's resume link. */
export function isResumeToken(executionId: string, token: string): boolean {
  const given = Buffer.from(token, "base64url");
  const expected = signature(executionId);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
