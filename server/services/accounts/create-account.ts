import { randomBytes } from "node:crypto";
import type { User } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import { recordAudit } from "../audit/record";

export interface NewAccount {
  /** Normalised, see `emailSchema`. */
  email: string;
  name: string | null;
  image?: string | null;
  /** Null for people who only use a provider. */
  passwordHash: string | null;
  account?: { provider: string; providerAccountId: string };
}

/** A user, and the personal organization that belongs to every user. */
export async function createAccount(tx: Db, { email, name, image, passwordHash, account }: NewAccount): Promise<User> {
  const user = await tx.user.create({
    data: {
      email,
      name,
      image: image ?? null,
      passwordHash,
      sessionsValidFrom: new Date(),
      ...(account && { accounts: { create: account } }),
    },
  });
  const label = name ?? email.split("@")[0] ?? "My";
  const organization = await tx.organization.create({
    data: {
      name: `${label.slice(0, 80)}'s organization`,
      slug: newSlug(label),
      personal: true,
      members: { create: { userId: user.id, role: "owner" } },
    },
  });
  await recordAudit(
    tx,
    { organizationId: organization.id, name: `user:${user.id}` },
    { action: "organization.create", target: `organization:${organization.id}` },
  );
  return user;
}

/** Readable, and never taken: its tail is random. */
export const newSlug = (label: string): string => {
  const words = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `${words.slice(0, 40) || "org"}-${randomBytes(4).toString("hex")}`;
};
