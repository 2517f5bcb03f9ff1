import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { type Db, db } from "@/server/db";
import { ServiceError } from "../errors";

/*
 * An invitation is three facts that are of interest to the audit log anyway: somebody was invited, the invitation was taken
 * back, somebody joined with it. So the log is where it lives, and nothing is kept beside it: it is open from the first entry
 * until one of the other two, or until it expires.
 */

export const INVITED = "member.invite";
export const REVOKED = "member.revokeInvitation";
export const JOINED = "member.join";

const VALID_DAYS = 7;
const VALID_MS = VALID_DAYS * 86_400_000;

/** Owners are made by owners among the members. */
export const invitedRoleSchema = z.enum(["viewer", "editor", "admin"]);
export type InvitedRole = z.infer<typeof invitedRoleSchema>;

const dataSchema = z.object({
  role: invitedRoleSchema,
  email: z.string().nullable(),
  expiresAt: z.iso.datetime(),
  /** SHA-256 of the code: it has 256 random bits, so nobody guesses it back. */
  code: z.object({ sha256: z.string() }),
});

/** One that may still be accepted. */
export interface OpenInvitation {
  id: string;
  organizationId: string;
  role: InvitedRole;
  /** Who alone may accept it; null is whoever has the link. */
  email: string | null;
  /** `user:…`, as the audit log names people. */
  invitedBy: string;
  invitedAt: Date;
  expiresAt: Date;
}

const hashOf = (code: string): string => createHash("sha256").update(code).digest("hex");

export const targetOf = (id: string): string => `invitation:${id}`;
export const expiryFrom = (now: number): Date => new Date(now + VALID_MS);

export function newCode(): { code: string; sha256: string } {
  const code = randomBytes(32).toString("base64url");
  return { code, sha256: hashOf(code) };
}

/** What stands in the link: which entry of the log it is, and what proves that one was given it. */
export const linkToken = (entry: bigint, code: string): string => `${entry.toString(36)}-${code}`;

const LINK = /^([0-9a-z]{1,12})-([\w-]{43})$/;

/** Unknown, expired, taken back, used, or meant for someone else: all answer so. */
export const invalidInvitation = (): ServiceError =>
  new ServiceError(
    "not_found",
    "Invitation not found: it may have expired, been used or taken back, or be meant for another e-mail address. Ask for a new one.",
  );

/** The organization's open invitations, the newest first. */
export async function openInvitations(tx: Db, organizationId: string): Promise<OpenInvitation[]> {
  const entries = await tx.auditLog.findMany({
    where: { organizationId, at: { gt: new Date(Date.now() - VALID_MS) }, action: { in: [INVITED, REVOKED, JOINED] } },
    orderBy: { id: "desc" },
    take: 2000,
  });
  const ended = new Set(entries.flatMap(({ action, target }) => (action === INVITED ? [] : [target])));
  return entries.flatMap((entry) => {
    if (entry.action !== INVITED || ended.has(entry.target)) return [];
    const read = readEntry(entry);
    return read ? [read.invitation] : [];
  });
}

/** The open invitation of a link; null when there is none. */
export async function invitationOfLink(token: string, tx: Db = db()): Promise<OpenInvitation | null> {
  const [, entryId, code] = LINK.exec(token) ?? [];
  if (entryId === undefined || code === undefined) return null;
  const entry = await tx.auditLog.findUnique({ where: { id: readId(entryId) } });
  const read = entry?.action === INVITED ? readEntry(entry) : null;
  if (!entry || !read) return null;
  if (!timingSafeEqual(Buffer.from(hashOf(code)), Buffer.from(read.sha256))) return null;
  const end = await tx.auditLog.findFirst({
    where: { organizationId: entry.organizationId, at: { gte: entry.at }, target: entry.target, action: { in: [REVOKED, JOINED] } },
    select: { id: true },
  });
  return end ? null : read.invitation;
}

interface Entry {
  organizationId: string;
  actor: string;
  target: string;
  data: unknown;
  at: Date;
}

function readEntry({ organizationId, actor, target, data, at }: Entry): { invitation: OpenInvitation; sha256: string } | null {
  const parsed = dataSchema.safeParse(data);
  if (!parsed.success) return null;
  const { role, email, code } = parsed.data;
  const expiresAt = new Date(parsed.data.expiresAt);
  if (expiresAt.getTime() <= Date.now()) return null;
  const id = target.slice(targetOf("").length);
  return { sha256: code.sha256, invitation: { id, organizationId, role, email, invitedBy: actor, invitedAt: at, expiresAt } };
}

const readId = (text: string): bigint => [...text].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
