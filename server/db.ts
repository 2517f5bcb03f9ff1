import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "@/prisma/generated/client";
import { env } from "./env";

// The framework bundles entry points apart: a module variable would be one pool per bundle.
const holder = globalThis as unknown as { tolstoyDb?: PrismaClient };

/** The ORM, made on first use: importing this module needs no database, so neither does a build. */
export const db = (): PrismaClient => {
  holder.tolstoyDb ??= new PrismaClient({
    adapter: new PrismaPg({ connectionString: env().DATABASE_URL, max: 10 }),
    // A busy moment makes people wait; Prisma's own two seconds would turn them away.
    transactionOptions: { maxWait: 10_000, timeout: 20_000 },
  });
  return holder.tolstoyDb;
};

/** A transaction's client, or the client itself where none is open. */
export type Db = Prisma.TransactionClient;

/** For processes and tests that end. */
export async function closeDb(): Promise<void> {
  const open = holder.tolstoyDb;
  holder.tolstoyDb = undefined;
  await open?.$disconnect();
}
