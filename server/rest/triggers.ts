import type { z } from "zod";
import { getTrigger } from "../services/triggers/get";
import { pollNow } from "../services/triggers/poll-now";
import { setTriggerSecret, type setTriggerSecretSchema } from "../services/triggers/secret";
import { fieldsOf, type RestRoute } from "./route";

type Secret = z.input<typeof setTriggerSecretSchema>;

export const triggerRoutes: RestRoute[] = [
  {
    /** How it stands; of a polling trigger and a schedule when it fires next and what went wrong. */
    method: "GET",
    path: "/triggers/:id",
    handle: async ({ ctx, params }) => ({ body: await getTrigger({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    /** Has a polling trigger look now. */
    method: "POST",
    path: "/triggers/:id/poll",
    handle: async ({ ctx, params }) => ({ status: 202, body: await pollNow({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    /** What callers of a webhook prove themselves with: `{"secret"}`. It is never answered again. */
    method: "PUT",
    path: "/triggers/:id/secret",
    async handle({ ctx, params, body }) {
      const { secret } = fieldsOf(body) as Partial<Secret>;
      return { body: await setTriggerSecret({ ctx, input: { id: params.id ?? "", secret } as Secret }) };
    },
  },
  {
    method: "DELETE",
    path: "/triggers/:id/secret",
    handle: async ({ ctx, params }) => ({ body: await setTriggerSecret({ ctx, input: { id: params.id ?? "", secret: null } }) }),
  },
];
