import type { Credential } from "@/prisma/generated/client";
import type { Db } from "@/server/db";
import type { Caller } from "../authorize";
import { notFound, ServiceError } from "../errors";
import { mayManage, maySee } from "./types";

/** @throws ServiceError `not_found`, for another organization's and for one that the caller may not see too. */
export async function findCredential(tx: Db, caller: Caller, id: string): Promise<Credential> {
  const row = await tx.credential.findFirst({ where: { id, organizationId: caller.organizationId } });
  if (!row || !maySee(caller, row)) throw notFound("Credential");
  return row;
}

/**
 * A credential that the caller may change. Within a transaction, changes of one wait for each other.
 * @throws ServiceError `not_found`, `forbidden` for who neither made it nor is an admin.
 */
export async function findManageable(tx: Db, caller: Caller, id: string): Promise<Credential> {
  await tx.$queryRaw`select id from credential where id = ${id} and organization_id = ${caller.organizationId} for update`;
  const row = await findCredential(tx, caller, id);
  if (!mayManage(caller, row)) {
    throw new ServiceError("forbidden", `Only whoever made the credential "${row.name}", an admin or an owner may do this.`);
  }
  return row;
}
