import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { decode } from "next-auth/jwt";
import { cache } from "react";
import { z } from "zod";
import type { Role } from "@/prisma/generated/enums";
import type { Actor } from "../services/context";
import { sql } from "../sql";
import { type Cookies, organizationCookieName, sessionCookieName } from "./cookies";
import { authSecret } from "./settings";

export interface SessionOrganization {
  id: string;
  name: string;
  slug: string;
  personal: boolean;
  role: Role;
}

/** Whoever is signed in, as the database says it now. */
export interface Session {
  user: { id: string; email: string; name: string | null; image: string | null };
  /** The one that they are working in. */
  organization: SessionOrganization;
  /** All that they are a member of, by name. */
  organizations: SessionOrganization[];
}

/** Claims of the session token. Roles are not among them: those are read from the database on every request. */
export const sessionClaimsSchema = z.object({
  sub: z.string().min(1),
  /** `User.sessionsValidFrom` when it was issued, in milliseconds; a token with another is void. */
  validFrom: z.number(),
});

/** The session that a request's cookies name; null without one, and once its user, membership or token is gone. */
export async function sessionOf(jar: Cookies): Promise<Session | null> {
  const token = joinChunks(jar, sessionCookieName());
  if (!token) return null;
  const claims = sessionClaimsSchema.safeParse(await decode({ token, secret: authSecret() }).catch(() => null));
  return claims.success ? loadSession(claims.data, jar[organizationCookieName()]) : null;
}

interface Row {
  email: string;
  name: string | null;
  image: string | null;
  valid_from: number;
  organization_id: string;
  organization_name: string;
  slug: string;
  personal: boolean;
  role: Role;
}

async function loadSession(claims: z.infer<typeof sessionClaimsSchema>, wanted: string | undefined): Promise<Session | null> {
  const { rows } = await sql().query<Row>({
    name: "session",
    text: `select u.email, u.name, u.image, (extract(epoch from u.sessions_valid_from) * 1000)::float8 as valid_from,
                  o.id as organization_id, o.name as organization_name, o.slug, o.personal, m.role
           from "user" u join member m on m.user_id = u.id join organization o on o.id = m.organization_id
           where u.id = $1 order by o.name, o.id`,
    values: [claims.sub],
  });
  const [user] = rows;
  if (!user || Math.round(user.valid_from) !== claims.validFrom) return null;
  const organizations = rows.map((row) => ({
    id: row.organization_id,
    name: row.organization_name,
    slug: row.slug,
    personal: row.personal,
    role: row.role,
  }));
  // Their own, not another's personal one that they were taken into.
  const own = organizations.find(({ personal, role }) => personal && role === "owner");
  const organization = organizations.find(({ id }) => id === wanted) ?? own ?? organizations[0];
  if (!organization) return null;
  return { user: { id: claims.sub, email: user.email, name: user.name, image: user.image }, organization, organizations };
}

/** A long token is split over several cookies: `name.0`, `name.1`, … */
function joinChunks(jar: Cookies, name: string): string {
  if (jar[name]) return jar[name];
  let token = "";
  for (let index = 0; jar[`${name}.${index}`]; index++) token += jar[`${name}.${index}`];
  return token;
}

export const actorOf = (session: Session): Actor => ({
  kind: "member",
  userId: session.user.id,
  organizationId: session.organization.id,
  role: session.organization.role,
});

/** For pages and layouts: who is signed in. One lookup a request, however many components ask. */
export const currentSession = cache(async (): Promise<Session | null> => {
  const jar = await cookies();
  return sessionOf(Object.fromEntries(jar.getAll().map(({ name, value }) => [name, value])));
});

/** For pages that need a session: without one, redirects to the sign-in, which leads back here. */
export async function requireSession(returnTo?: string): Promise<Session> {
  const session = await currentSession();
  if (session) return session;
  const path = returnTo ?? (await headers()).get("x-pathname");
  redirect(path ? `/sign-in?callbackUrl=${encodeURIComponent(path)}` : "/sign-in");
}
