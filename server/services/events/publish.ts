import { z } from "zod";
import { jsonObjectSchema } from "@/flow/json-schema";
import { newTriggerEventId } from "@/server/execution/ids";
import { sql } from "@/server/sql";
import { kickEvents } from "@/server/triggers/events";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { idSchema, parse, storable } from "../parse";

/** Bytes of JSON that an event may bring. */
const MOST_BYTES = 256 * 1024;

/** Ends of executions are told under these names: nobody else may say that a flow has failed. */
const OWN_EVENTS = "tolstoy/flow.";

export const eventNameSchema = z
  .string()
  .max(200)
  .regex(/^[\w.:/-]+$/, "may have letters, digits and . : / _ -")
  .refine((name) => !name.startsWith(OWN_EVENTS), `begins with ${OWN_EVENTS}, which is kept for what the product says of flows itself`);

export const publishEventSchema = z.object({
  name: eventNameSchema,
  data: storable(jsonObjectSchema).default({}),
  /** The sender's own name of the event: the same one again is the same event, and starts nothing. */
  id: idSchema.optional(),
});

/** Announces an event: flows that listen to its name start, executions that wait for it go on. Recorded when this resolves. */
export async function publishEvent({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof publishEventSchema>;
}): Promise<{ id: string; duplicate: boolean }> {
  const { organizationId } = authorize(ctx, "editor");
  const { name, data, id } = parse(publishEventSchema, input);
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new ServiceError("too_large", `data: an event may bring ${MOST_BYTES} bytes of JSON; this is ${Buffer.byteLength(text)}`);
  }
  const { rows } = await sql().query<{ id: string; added: boolean }>({
    name: "event-publish",
    text: `with added as (
        insert into named_event (id, organization_id, name, data, dedupe_key) values ($1, $2, $3, $4, $5) on conflict do nothing returning id)
      select id, true as added from added
      union all
      select id, false from named_event where organization_id = $2 and name = $3 and dedupe_key = $5`,
    values: [newTriggerEventId(), organizationId, name, text, id ?? null],
  });
  const recorded = rows.find(({ added }) => added) ?? rows[0];
  if (!recorded) throw new ServiceError("conflict", "The same event is being recorded at this moment. Send it again.");
  kickEvents();
  return { id: recorded.id, duplicate: !recorded.added };
}
