import { z } from "zod";
import { organizationCookie } from "../../auth/cookies";
import { createApiKey, createApiKeySchema } from "../../services/api-keys/create";
import { listApiKeys } from "../../services/api-keys/list";
import { revokeApiKey, revokeApiKeySchema } from "../../services/api-keys/revoke";
import { listAudit, listAuditSchema } from "../../services/audit/list";
import { notFound } from "../../services/errors";
import { acceptInvitation, acceptInvitationSchema } from "../../services/invitations/accept";
import { createInvitation, createInvitationSchema } from "../../services/invitations/create";
import { listInvitations } from "../../services/invitations/list";
import { previewInvitation, previewInvitationSchema } from "../../services/invitations/preview";
import { revokeInvitation, revokeInvitationSchema } from "../../services/invitations/revoke";
import { listMembers } from "../../services/members/list";
import { removeMember, removeMemberSchema } from "../../services/members/remove";
import { setMemberRole, setMemberRoleSchema } from "../../services/members/set-role";
import { getCodeHosts, setCodeHosts, setCodeHostsSchema } from "../../services/organizations/code-hosts";
import { getConcurrency, setConcurrency, setConcurrencySchema } from "../../services/organizations/concurrency";
import { createOrganization, createOrganizationSchema } from "../../services/organizations/create";
import { renameOrganization, renameOrganizationSchema } from "../../services/organizations/rename";
import { idSchema, parse } from "../../services/parse";
import { getRetention, setRetention, setRetentionSchema } from "../../services/retention/settings";
import { inputOf, procedure, publicProcedure, router } from "../init";

const switchSchema = z.object({ id: idSchema });

export const organizationsRouter = router({
  list: procedure.query(({ ctx }) => ({
    organizations: ctx.currentSession.organizations,
    current: ctx.currentSession.organization.id,
  })),
  /** Works in another organization from the next request on. */
  switch: procedure.input(inputOf(switchSchema)).mutation(({ ctx, input }) => {
    const { id } = parse(switchSchema, input);
    const organization = ctx.currentSession.organizations.find((each) => each.id === id);
    if (!organization) throw notFound("Organization");
    ctx.answerHeaders.append("set-cookie", organizationCookie(id));
    return organization;
  }),
  /** A further one; works in it from the next request on. */
  create: procedure.input(inputOf(createOrganizationSchema)).mutation(async ({ ctx, input }) => {
    const organization = await createOrganization({ ctx: ctx.service, input });
    ctx.answerHeaders.append("set-cookie", organizationCookie(organization.id));
    return organization;
  }),
  rename: procedure.input(inputOf(renameOrganizationSchema)).mutation(({ ctx, input }) => renameOrganization({ ctx: ctx.service, input })),
  /** How many executions may run at the same time. */
  concurrency: procedure.query(({ ctx }) => getConcurrency({ ctx: ctx.service })),
  setConcurrency: procedure.input(inputOf(setConcurrencySchema)).mutation(({ ctx, input }) => setConcurrency({ ctx: ctx.service, input })),
  /** Where code may send requests. */
  codeHosts: procedure.query(({ ctx }) => getCodeHosts({ ctx: ctx.service })),
  setCodeHosts: procedure.input(inputOf(setCodeHostsSchema)).mutation(({ ctx, input }) => setCodeHosts({ ctx: ctx.service, input })),
  /** For how long executions, logs and deleted flows are kept. */
  retention: procedure.query(({ ctx }) => getRetention({ ctx: ctx.service })),
  setRetention: procedure.input(inputOf(setRetentionSchema)).mutation(({ ctx, input }) => setRetention({ ctx: ctx.service, input })),
});

export const membersRouter = router({
  list: procedure.query(({ ctx }) => listMembers({ ctx: ctx.service })),
  setRole: procedure.input(inputOf(setMemberRoleSchema)).mutation(({ ctx, input }) => setMemberRole({ ctx: ctx.service, input })),
  remove: procedure.input(inputOf(removeMemberSchema)).mutation(({ ctx, input }) => removeMember({ ctx: ctx.service, input })),
});

export const invitationsRouter = router({
  list: procedure.query(({ ctx }) => listInvitations({ ctx: ctx.service })),
  /** `url` is shown this once. */
  create: procedure.input(inputOf(createInvitationSchema)).mutation(({ ctx, input }) => createInvitation({ ctx: ctx.service, input })),
  revoke: procedure.input(inputOf(revokeInvitationSchema)).mutation(({ ctx, input }) => revokeInvitation({ ctx: ctx.service, input })),
  /** For whoever has the link, before they sign in. */
  preview: publicProcedure
    .input(inputOf(previewInvitationSchema))
    .query(async ({ ctx, input }) => ({ invitation: await previewInvitation({ address: ctx.address, input }) })),
  /** Joins, and works there from the next request on. */
  accept: procedure.input(inputOf(acceptInvitationSchema)).mutation(async ({ ctx, input }) => {
    const { organizationId } = await acceptInvitation({ ctx: ctx.service, input });
    ctx.answerHeaders.append("set-cookie", organizationCookie(organizationId));
    return { organizationId };
  }),
});

export const apiKeysRouter = router({
  list: procedure.query(({ ctx }) => listApiKeys({ ctx: ctx.service })),
  /** `key` is shown this once. */
  create: procedure.input(inputOf(createApiKeySchema)).mutation(({ ctx, input }) => createApiKey({ ctx: ctx.service, input })),
  revoke: procedure.input(inputOf(revokeApiKeySchema)).mutation(({ ctx, input }) => revokeApiKey({ ctx: ctx.service, input })),
});

export const auditRouter = router({
  list: procedure.input(inputOf(listAuditSchema)).query(({ ctx, input }) => listAudit({ ctx: ctx.service, input })),
});
