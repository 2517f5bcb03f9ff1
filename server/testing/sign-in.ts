import { encode } from "next-auth/jwt";
import { organizationCookieName, sessionCookieName } from "@/server/auth/cookies";
import { authSecret } from "@/server/auth/settings";
import { db } from "@/server/db";

/** The `Cookie` header of a browser in which this user is signed in and works in this organization. */
export async function signedInCookie({ userId, organizationId }: { userId: string; organizationId: string }): Promise<string> {
  const { sessionsValidFrom } = await db().user.findUniqueOrThrow({ where: { id: userId } });
  const token = await encode({ token: { sub: userId, validFrom: sessionsValidFrom.getTime() }, secret: authSecret() });
  return `${sessionCookieName()}=${token}; ${organizationCookieName()}=${organizationId}`;
}
