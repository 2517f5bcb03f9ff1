import { setTriggerSecret, setTriggerSecretSchema } from "../../services/triggers/secret";
import { inputOf, procedure, router } from "../init";

export const triggersRouter = router({
  setSecret: procedure.input(inputOf(setTriggerSecretSchema)).mutation(({ ctx, input }) => setTriggerSecret({ ctx: ctx.service, input })),
});
