import type { Db } from "@/server/db";

/** A flow that uses a credential. */
export interface CredentialUse {
  flowId: string;
  flowName: string;
  /** Whether the published version does, and not only the draft. */
  published: boolean;
}

/** Flows with a node that names the credential, in the draft or the published version. */
export function usesOf(tx: Db, organizationId: string, credentialId: string): Promise<CredentialUse[]> {
  return tx.$queryRaw<CredentialUse[]>`
    with named as (
      select f.id, f.name,
             jsonb_path_exists(f.draft, '$.nodes[*].credentials.*.id ? (@ == $id)', jsonb_build_object('id', ${credentialId}::text)) as drafted,
             coalesce(jsonb_path_exists(v.graph, '$.nodes[*].credentials.*.id ? (@ == $id)', jsonb_build_object('id', ${credentialId}::text)), false) as published
      from flow f left join flow_version v on v.flow_id = f.id and v.version = f.published_version
      where f.organization_id = ${organizationId} and f.deleted_at is null
    )
    select id as "flowId", name as "flowName", published from named where drafted or published order by name, id limit 500`;
}
