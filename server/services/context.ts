import type { Role } from "@/prisma/generated/enums";

/** Whoever acts, with the organization that the act is in. */
export type Actor =
  | { kind: "member"; userId: string; organizationId: string; role: Role }
  | { kind: "apiKey"; apiKeyId: string; organizationId: string; role: Role }
  /** The product itself: schedules, recovery. Never made from a request. */
  | { kind: "system"; organizationId: string };

export interface ServiceContext {
  actor: Actor;
  /** Appears in logs and in the answer of an internal error. */
  requestId: string;
}
