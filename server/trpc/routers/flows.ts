import { createFlow, createFlowSchema } from "../../services/flows/create";
import { deleteFlow, restoreFlow } from "../../services/flows/delete";
import { duplicateFlow } from "../../services/flows/duplicate";
import { flowIdSchema, getFlow } from "../../services/flows/get";
import { importFlow, importFlowSchema } from "../../services/flows/import";
import { listFlows, listFlowsSchema } from "../../services/flows/list";
import { publishFlow } from "../../services/flows/publish";
import { renameFlow, renameFlowSchema } from "../../services/flows/rename";
import { saveDraft, saveDraftSchema } from "../../services/flows/save-draft";
import { setActiveSchema, setFlowActive } from "../../services/flows/set-active";
import { validateFlow, validateFlowSchema } from "../../services/flows/validate";
import { flowVersionSchema, getFlowVersion, listFlowVersions } from "../../services/flows/versions";
import { inputOf, procedure, router } from "../init";

export const flowsRouter = router({
  list: procedure.input(inputOf(listFlowsSchema)).query(({ ctx, input }) => listFlows({ ctx: ctx.service, input })),
  get: procedure.input(inputOf(flowIdSchema)).query(({ ctx, input }) => getFlow({ ctx: ctx.service, input })),
  create: procedure.input(inputOf(createFlowSchema)).mutation(({ ctx, input }) => createFlow({ ctx: ctx.service, input })),
  /** From a file: a workflow of n8n, or a flow that was exported here. */
  import: procedure.input(inputOf(importFlowSchema)).mutation(({ ctx, input }) => importFlow({ ctx: ctx.service, input })),
  duplicate: procedure.input(inputOf(flowIdSchema)).mutation(({ ctx, input }) => duplicateFlow({ ctx: ctx.service, input })),
  rename: procedure.input(inputOf(renameFlowSchema)).mutation(({ ctx, input }) => renameFlow({ ctx: ctx.service, input })),
  saveDraft: procedure.input(inputOf(saveDraftSchema)).mutation(({ ctx, input }) => saveDraft({ ctx: ctx.service, input })),
  /** A mutation by its size alone: graphs do not fit into a URL. It changes nothing. */
  validate: procedure.input(inputOf(validateFlowSchema)).mutation(({ ctx, input }) => validateFlow({ ctx: ctx.service, input })),
  publish: procedure.input(inputOf(flowIdSchema)).mutation(({ ctx, input }) => publishFlow({ ctx: ctx.service, input })),
  setActive: procedure.input(inputOf(setActiveSchema)).mutation(({ ctx, input }) => setFlowActive({ ctx: ctx.service, input })),
  delete: procedure.input(inputOf(flowIdSchema)).mutation(({ ctx, input }) => deleteFlow({ ctx: ctx.service, input })),
  restore: procedure.input(inputOf(flowIdSchema)).mutation(({ ctx, input }) => restoreFlow({ ctx: ctx.service, input })),
  versions: procedure.input(inputOf(flowIdSchema)).query(({ ctx, input }) => listFlowVersions({ ctx: ctx.service, input })),
  version: procedure.input(inputOf(flowVersionSchema)).query(({ ctx, input }) => getFlowVersion({ ctx: ctx.service, input })),
});
