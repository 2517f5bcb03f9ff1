import type { z } from "zod";
import { setTriggerSecret, type setTriggerSecretSchema } from "../services/triggers/secret";
import { fieldsOf, type RestRoute } from "./route";

type Secret = z.input<typeof setTriggerSecretSchema>;

export const triggerRoutes: RestRoute[] = [
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
