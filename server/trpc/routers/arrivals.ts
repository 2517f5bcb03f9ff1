import { discardArrival } from "../../services/arrivals/discard";
import { arrivalIdSchema, getArrival } from "../../services/arrivals/get";
import { listArrivals, listArrivalsSchema } from "../../services/arrivals/list";
import { replayArrival } from "../../services/arrivals/replay";
import { inputOf, procedure, router } from "../init";

/** What came and started nothing: kept for a flow that was off, or sent to a test URL. */
export const arrivalsRouter = router({
  list: procedure.input(inputOf(listArrivalsSchema)).query(({ ctx, input }) => listArrivals({ ctx: ctx.service, input })),
  get: procedure.input(inputOf(arrivalIdSchema)).query(({ ctx, input }) => getArrival({ ctx: ctx.service, input })),
  replay: procedure.input(inputOf(arrivalIdSchema)).mutation(({ ctx, input }) => replayArrival({ ctx: ctx.service, input })),
  discard: procedure.input(inputOf(arrivalIdSchema)).mutation(({ ctx, input }) => discardArrival({ ctx: ctx.service, input })),
});
