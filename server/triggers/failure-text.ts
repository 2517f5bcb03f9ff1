import type { z } from "zod";
import { fieldPath } from "@/flow/node/parameters";

const LONGEST = 2_000;

/** Why a trigger failed, as it is stored: the database takes no NUL. */
export const failureText = (message: string): string => message.replaceAll("\u0000", "").slice(0, LONGEST);

/** The first thing that is wrong with what was stored: `nodes[0].type: Invalid input`. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return "is not valid";
  return issue.path.length === 0 ? issue.message : `${fieldPath(issue.path)}: ${issue.message}`;
}
