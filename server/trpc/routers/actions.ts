import { createAction, createActionSchema } from "../../services/actions/create";
import { deleteAction } from "../../services/actions/delete";
import { executeAction, executeActionSchema } from "../../services/actions/execute";
import { actionIdSchema, getAction } from "../../services/actions/get";
import { listActions, listActionsSchema } from "../../services/actions/list";
import { actionReferenceSchema, describeAction, searchActions, searchActionsSchema } from "../../services/actions/search";
import { updateAction, updateActionSchema } from "../../services/actions/update";
import { inputOf, procedure, router } from "../init";

export const actionsRouter = router({
  list: procedure.input(inputOf(listActionsSchema)).query(({ ctx, input }) => listActions({ ctx: ctx.service, input })),
  get: procedure.input(inputOf(actionIdSchema)).query(({ ctx, input }) => getAction({ ctx: ctx.service, input })),
  /** For placing on the canvas: the organization's and the catalog's. */
  search: procedure.input(inputOf(searchActionsSchema)).query(({ ctx, input }) => searchActions({ ctx: ctx.service, input })),
  describe: procedure.input(inputOf(actionReferenceSchema)).query(({ ctx, input }) => describeAction({ ctx: ctx.service, input })),
  create: procedure.input(inputOf(createActionSchema)).mutation(({ ctx, input }) => createAction({ ctx: ctx.service, input })),
  update: procedure.input(inputOf(updateActionSchema)).mutation(({ ctx, input }) => updateAction({ ctx: ctx.service, input })),
  delete: procedure.input(inputOf(actionIdSchema)).mutation(({ ctx, input }) => deleteAction({ ctx: ctx.service, input })),
  execute: procedure
    .input(inputOf(executeActionSchema))
    .mutation(({ ctx, input, signal }) => executeAction({ ctx: ctx.service, input, ...(signal && { signal }) })),
});
