import type { z } from "zod";
import { publishEvent, type publishEventSchema } from "../services/events/publish";
import { fieldsOf, type RestRoute } from "./route";

type Event = z.input<typeof publishEventSchema>;

export const eventRoutes: RestRoute[] = [
  {
    /** Announces an event: `{"name", "data"?, "id"?}`. The same `id` again, or the same `Idempotency-Key`, starts nothing. */
    method: "POST",
    path: "/events",
    async handle({ ctx, body, headers }) {
      const { name, data, id = headers.get("idempotency-key") ?? undefined } = fieldsOf(body) as Partial<Event>;
      return { status: 202, body: await publishEvent({ ctx, input: { name, data, id } as Event }) };
    },
  },
];
