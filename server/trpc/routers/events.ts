import { publishEvent, publishEventSchema } from "../../services/events/publish";
import { inputOf, procedure, router } from "../init";

export const eventsRouter = router({
  publish: procedure.input(inputOf(publishEventSchema)).mutation(({ ctx, input }) => publishEvent({ ctx: ctx.service, input })),
});
