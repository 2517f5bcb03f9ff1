import type { z } from "zod";
import { createWebhook } from "../services/webhooks/create";
import { deleteWebhook } from "../services/webhooks/delete";
import { getWebhookDelivery } from "../services/webhooks/delivery";
import { getWebhook, listWebhookDeliveries, listWebhookEventTypes, listWebhooks } from "../services/webhooks/list";
import { resendDelivery } from "../services/webhooks/resend";
import { testWebhook } from "../services/webhooks/try";
import type { createWebhookSchema, updateWebhookSchema } from "../services/webhooks/types";
import { toggleWebhook, updateWebhook } from "../services/webhooks/update";
import { fieldsOf, type RestRoute } from "./route";

type New = z.input<typeof createWebhookSchema>;
type Change = z.input<typeof updateWebhookSchema>;

const deliveryOf = ({ id = "", deliveryId = "" }: Readonly<Record<string, string>>) => ({ id, deliveryId });

/** Addresses that are told what happens. Secrets and values of headers are taken, never answered. */
export const webhookRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/webhooks",
    handle: async ({ ctx, query }) => ({ body: await listWebhooks({ ctx, input: { eventType: query.get("eventType") ?? undefined } }) }),
  },
  { method: "GET", path: "/webhooks/event-types", handle: async ({ ctx }) => ({ body: listWebhookEventTypes({ ctx }) }) },
  {
    method: "POST",
    path: "/webhooks",
    handle: async ({ ctx, body }) => ({ status: 201, body: await createWebhook({ ctx, input: fieldsOf(body) as New }) }),
  },
  {
    method: "GET",
    path: "/webhooks/:id",
    handle: async ({ ctx, params }) => ({ body: await getWebhook({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "PUT",
    path: "/webhooks/:id",
    handle: async ({ ctx, params, body }) => ({
      body: await updateWebhook({ ctx, input: { ...fieldsOf(body), id: params.id ?? "" } as Change }),
    }),
  },
  {
    method: "DELETE",
    path: "/webhooks/:id",
    handle: async ({ ctx, params }) => ({ body: await deleteWebhook({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "PATCH",
    path: "/webhooks/:id/toggle",
    handle: async ({ ctx, params }) => ({ body: await toggleWebhook({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "POST",
    path: "/webhooks/:id/test",
    handle: async ({ ctx, params }) => ({ body: await testWebhook({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "GET",
    path: "/webhooks/:id/deliveries",
    handle: async ({ ctx, params }) => ({ body: await listWebhookDeliveries({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "GET",
    path: "/webhooks/:id/deliveries/:deliveryId",
    handle: async ({ ctx, params }) => ({ body: await getWebhookDelivery({ ctx, input: deliveryOf(params) }) }),
  },
  {
    method: "POST",
    path: "/webhooks/:id/deliveries/:deliveryId/resend",
    handle: async ({ ctx, params }) => ({ body: await resendDelivery({ ctx, input: deliveryOf(params) }) }),
  },
];
