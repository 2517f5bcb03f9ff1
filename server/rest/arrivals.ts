import type { z } from "zod";
import { discardArrival } from "../services/arrivals/discard";
import { getArrival } from "../services/arrivals/get";
import { listArrivals, type listArrivalsSchema } from "../services/arrivals/list";
import { replayArrival } from "../services/arrivals/replay";
import { listOf, numberOf, type RestRoute } from "./route";

type Filter = z.input<typeof listArrivalsSchema>;

/** What came and started nothing: kept for a flow that was off, or sent to a test URL. */
export const arrivalRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/arrivals",
    async handle({ ctx, query }) {
      const input: Filter = {
        flowId: query.get("flowId") ?? undefined,
        triggerId: query.get("triggerId") ?? undefined,
        type: listOf(query, "type") as Filter["type"],
        state: (query.get("state") ?? undefined) as Filter["state"],
        cursor: query.get("cursor"),
        limit: numberOf(query, "limit"),
      };
      return { body: await listArrivals({ ctx, input }) };
    },
  },
  {
    method: "GET",
    path: "/arrivals/:id",
    handle: async ({ ctx, params }) => ({ body: await getArrival({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "POST",
    path: "/arrivals/:id/replay",
    handle: async ({ ctx, params }) => ({ status: 202, body: await replayArrival({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "DELETE",
    path: "/arrivals/:id",
    handle: async ({ ctx, params }) => ({ body: await discardArrival({ ctx, input: { id: params.id ?? "" } }) }),
  },
];
