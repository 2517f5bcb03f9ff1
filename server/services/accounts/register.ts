import { z } from "zod";
import { Prisma } from "@/prisma/generated/client";
import { hashPassword } from "@/server/auth/password";
import { countAttempt } from "@/server/auth/rate-limit";
import { db } from "@/server/db";
import { line, parse } from "../parse";
import { createAccount } from "./create-account";
import { emailSchema } from "./email";

export const registerSchema = z.object({
  email: emailSchema,
  password: z.string().min(10, "must have at least 10 characters").max(200, "must be at most 200 characters long"),
  name: line(100).optional(),
});

/**
 * Makes an account with an organization of its own. The answer is the same when the e-mail address has one already, and takes as
 * long, so that nobody learns who has an account here; the sign-in that follows tells only whoever knows the password.
 */
export async function register({ address, input }: { address: string; input: z.input<typeof registerSchema> }): Promise<{ ok: true }> {
  const { email, password, name } = parse(registerSchema, input);
  await countAttempt([{ subject: `register:address:${address}`, max: address === "unknown" ? 1000 : 30, windowSeconds: 3600 }]);
  const passwordHash = await hashPassword(password);
  try {
    await db().$transaction((tx) => createAccount(tx, { email, name: name ?? null, passwordHash }));
  } catch (error) {
    const taken = error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
    if (!taken) throw error;
  }
  return { ok: true };
}
