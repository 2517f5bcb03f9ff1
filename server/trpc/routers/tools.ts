import { getReadyTool, listReadyTools, readyToolSchema } from "../../services/tools/catalog";
import { createTool, createToolSchema } from "../../services/tools/create";
import { deleteTool } from "../../services/tools/delete";
import { getTool, toolIdSchema } from "../../services/tools/get";
import { importTool, importToolSchema } from "../../services/tools/import";
import { listTools, listToolsSchema } from "../../services/tools/list";
import { updateTool, updateToolSchema } from "../../services/tools/update";
import { toolUsage, toolUsageSchema } from "../../services/tools/usage";
import { inputOf, procedure, router } from "../init";

export const toolsRouter = router({
  list: procedure.input(inputOf(listToolsSchema)).query(({ ctx, input }) => listTools({ ctx: ctx.service, input })),
  get: procedure.input(inputOf(toolIdSchema)).query(({ ctx, input }) => getTool({ ctx: ctx.service, input })),
  create: procedure.input(inputOf(createToolSchema)).mutation(({ ctx, input }) => createTool({ ctx: ctx.service, input })),
  /** Tools that come with the product. */
  catalog: procedure.query(({ ctx }) => listReadyTools({ ctx: ctx.service })),
  ready: procedure.input(inputOf(readyToolSchema)).query(({ ctx, input }) => getReadyTool({ ctx: ctx.service, input })),
  /** Flows that call it: to be shown before it is deleted. */
  usage: procedure.input(inputOf(toolUsageSchema)).query(({ ctx, input }) => toolUsage({ ctx: ctx.service, input })),
  /** With `preview`, it says what would come of it. */
  import: procedure.input(inputOf(importToolSchema)).mutation(({ ctx, input }) => importTool({ ctx: ctx.service, input })),
  update: procedure.input(inputOf(updateToolSchema)).mutation(({ ctx, input }) => updateTool({ ctx: ctx.service, input })),
  delete: procedure.input(inputOf(toolIdSchema)).mutation(({ ctx, input }) => deleteTool({ ctx: ctx.service, input })),
});
