"use client";
import { useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { createContext, type ReactNode, useContext } from "react";
import { useTRPC } from "@/components/providers/trpc";
import type { AppRouter } from "@/server/trpc/router";

export type Session = inferRouterOutputs<AppRouter>["session"]["me"];
export type Role = Session["organization"]["role"];

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2, owner: 3 };

const SessionContext = createContext<Session | null>(null);

/** Who is signed in, and where: given by the server with the page, so that nothing waits for it, and kept fresh after that. */
export function SessionProvider({ initial, children }: { initial: Session; children: ReactNode }) {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.session.me.queryOptions(undefined, { initialData: initial, staleTime: 60_000, refetchOnWindowFocus: true }),
  );
  return <SessionContext value={data}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession is for pages behind the sign-in");
  return session;
}

/** Whether the person may do what `minimum` may; the server checks again. */
export const useCan = (minimum: Role): boolean => RANK[useSession().organization.role] >= RANK[minimum];
