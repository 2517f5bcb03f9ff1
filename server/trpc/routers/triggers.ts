import { getTrigger, triggerIdSchema } from "../../services/triggers/get";
import { pollNow } from "../../services/triggers/poll-now";
import { setTriggerSecret, setTriggerSecretSchema } from "../../services/triggers/secret";
import { inputOf, procedure, router } from "../init";

export const triggersRouter = router({
  get: procedure.input(inputOf(triggerIdSchema)).query(({ ctx, input }) => getTrigger({ ctx: ctx.service, input })),
  pollNow: procedure.input(inputOf(triggerIdSchema)).mutation(({ ctx, input }) => pollNow({ ctx: ctx.service, input })),
  setSecret: procedure.input(inputOf(setTriggerSecretSchema)).mutation(({ ctx, input }) => setTriggerSecret({ ctx: ctx.service, input })),
});
