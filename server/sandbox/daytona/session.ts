import { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import { SANDBOX_LANGUAGES } from "@/flow/node/context";
import { seal, unseal } from "@/server/secrets/seal";

const sessionSchema = z.object({
  /** Daytona's ids. */
  sandboxId: z.string(),
  sessionId: z.string(),
  commandId: z.string(),
  language: z.enum(SANDBOX_LANGUAGES),
  /** Program that the code is run by. */
  needs: z.string(),
  /** How long the code may run. */
  seconds: z.number(),
});

/** A job that goes on by itself in a container. */
export type Session = z.infer<typeof sessionSchema>;

const ownerOf = (organizationId: string | undefined): string => `code-session:${organizationId ?? ""}`;

/** What people name a session by. It is sealed: nobody makes one up, and it opens for its organization alone. */
export const nameOf = (session: Session, organizationId: string | undefined): string =>
  seal(JSON.stringify(session), ownerOf(organizationId));

/** @throws FatalError for what is none, or another organization's: both look the same */
export function sessionOf(name: string, organizationId: string | undefined): Session {
  try {
    return sessionSchema.parse(JSON.parse(unseal(name, ownerOf(organizationId))));
  } catch (cause) {
    throw new FatalError("There is no such session. Give the sessionId that a step of this organization has given", { cause });
  }
}
