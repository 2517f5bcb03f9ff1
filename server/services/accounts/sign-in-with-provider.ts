import { db } from "@/server/db";
import { createAccount } from "./create-account";
import { emailSchema } from "./email";

/** What a provider says about whoever signs in, once its answer has been verified. */
export interface ProviderProfile {
  provider: string;
  providerAccountId: string;
  email: string | null;
  /** The provider has checked that the address is theirs. */
  emailVerified: boolean;
  name: string | null;
  image: string | null;
}

export type ProviderSignIn = { ok: true; userId: string } | { ok: false; reason: "EmailNotVerified" | "OAuthAccountNotLinked" };

/**
 * Finds or makes the user of a provider's account. The account decides, by its id at the provider; an e-mail address counts
 * only once it is verified, and never opens an account that has a password: whoever registered with the address first
 * may not be its owner, and must not end up inside the owner's account, nor the owner inside theirs.
 */
export async function signInWithProvider({
  provider,
  providerAccountId,
  email,
  emailVerified,
  name,
  image,
}: ProviderProfile): Promise<ProviderSignIn> {
  const known = await db().account.findUnique({ where: { provider_providerAccountId: { provider, providerAccountId } } });
  if (known) return { ok: true, userId: known.userId };
  const address = emailSchema.safeParse(email);
  if (!emailVerified || !address.success) return { ok: false, reason: "EmailNotVerified" };
  const account = { provider, providerAccountId };
  return db().$transaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { email: address.data } });
    if (!user) {
      const made = await createAccount(tx, {
        email: address.data,
        name: name?.trim().slice(0, 100) || null,
        image,
        passwordHash: null,
        account,
      });
      return { ok: true, userId: made.id };
    }
    if (user.passwordHash !== null) return { ok: false, reason: "OAuthAccountNotLinked" };
    await tx.account.create({ data: { ...account, userId: user.id } });
    return { ok: true, userId: user.id };
  });
}
