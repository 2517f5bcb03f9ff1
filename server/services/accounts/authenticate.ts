import { z } from "zod";
import type { User } from "@/prisma/generated/client";
import { verifyPassword } from "@/server/auth/password";
import { countAttempt, forgiveAttempt, type Limit } from "@/server/auth/rate-limit";
import { db } from "@/server/db";
import { emailSchema } from "./email";

const credentialsSchema = z.object({ email: emailSchema, password: z.string().min(1).max(200) });

const WINDOW_SECONDS = 15 * 60;

/** Per address and account tight, so that a stranger's guesses do not lock the owner out; per account and per address wide. */
const limitsOf = (email: string, address: string): Limit[] => [
  { subject: `sign-in:both:${address}:${email}`, max: 10, windowSeconds: WINDOW_SECONDS },
  { subject: `sign-in:email:${email}`, max: 50, windowSeconds: WINDOW_SECONDS },
  ...(address === "unknown" ? [] : [{ subject: `sign-in:address:${address}`, max: 100, windowSeconds: WINDOW_SECONDS }]),
];

/**
 * The user with this e-mail address and password; null when there is none, without saying which of both was wrong.
 * @throws ServiceError `rate_limited` after too many failures.
 */
export async function authenticate({ address, input }: { address: string; input: unknown }): Promise<User | null> {
  const credentials = credentialsSchema.safeParse(input);
  if (!credentials.success) return null;
  const { email, password } = credentials.data;
  const limits = limitsOf(email, address);
  await countAttempt(limits);
  const user = await db().user.findUnique({ where: { email } });
  const matches = await verifyPassword(user?.passwordHash ?? null, password);
  if (!matches) return null;
  await forgiveAttempt(limits);
  return user;
}
