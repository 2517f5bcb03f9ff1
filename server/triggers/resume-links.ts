import { createHmac, timingSafeEqual } from "node:crypto";
import { appUrl, authSecret } from "../auth/settings";

/** Links of one kind are no good for the other: whoever fills in a form must not decide on an approval. */
type Purpose = "resume" | "form";

const signature = (purpose: Purpose, executionId: string): Buffer =>
  createHmac("sha256", authSecret()).update(`${purpose}:${executionId}`).digest();

function isToken(purpose: Purpose, executionId: string, token: string): boolean {
  const given = Buffer.from(token, "base64url");
  const expected = signature(purpose, executionId);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Where a call resumes a waiting step of this execution. Whoever holds the link may use it; it is good for nothing else. */
export const resumeUrl = (executionId: string): string =>
  `${appUrl().origin}/api/resume/${executionId}/${signature("resume", executionId).toString("base64url")}`;

/** Whether `token` is the one of this execution's resume link. */
export const isResumeToken = (executionId: string, token: string): boolean => isToken("resume", executionId, token);

/** Where people fill in the pages that this execution waits for, and see how it goes on. */
export const formUrl = (executionId: string): string => `${appUrl().origin}${formPath(executionId)}`;

export const formPath = (executionId: string): string => `/form/run/${executionId}/${signature("form", executionId).toString("base64url")}`;

/** Whether `token` is the one of this execution's form. */
export const isFormToken = (executionId: string, token: string): boolean => isToken("form", executionId, token);
