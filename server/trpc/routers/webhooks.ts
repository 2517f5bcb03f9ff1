import { createWebhook } from "../../services/webhooks/create";
import { deleteWebhook } from "../../services/webhooks/delete";
import { getWebhookDelivery, webhookDeliverySchema } from "../../services/webhooks/delivery";
import { getWebhook, listWebhookDeliveries, listWebhookEventTypes, listWebhooks, listWebhooksSchema } from "../../services/webhooks/list";
import { resendDelivery } from "../../services/webhooks/resend";
import { testWebhook } from "../../services/webhooks/try";
import { createWebhookSchema, updateWebhookSchema } from "../../services/webhooks/types";
import { toggleWebhook, updateWebhook, webhookIdSchema } from "../../services/webhooks/update";
import { inputOf, procedure, router } from "../init";

/** Addresses that are told what happens. */
export const webhooksRouter = router({
  list: procedure.input(inputOf(listWebhooksSchema)).query(({ ctx, input }) => listWebhooks({ ctx: ctx.service, input })),
  get: procedure.input(inputOf(webhookIdSchema)).query(({ ctx, input }) => getWebhook({ ctx: ctx.service, input })),
  eventTypes: procedure.query(({ ctx }) => listWebhookEventTypes({ ctx: ctx.service })),
  deliveries: procedure.input(inputOf(webhookIdSchema)).query(({ ctx, input }) => listWebhookDeliveries({ ctx: ctx.service, input })),
  delivery: procedure.input(inputOf(webhookDeliverySchema)).query(({ ctx, input }) => getWebhookDelivery({ ctx: ctx.service, input })),
  resend: procedure.input(inputOf(webhookDeliverySchema)).mutation(({ ctx, input }) => resendDelivery({ ctx: ctx.service, input })),
  create: procedure.input(inputOf(createWebhookSchema)).mutation(({ ctx, input }) => createWebhook({ ctx: ctx.service, input })),
  update: procedure.input(inputOf(updateWebhookSchema)).mutation(({ ctx, input }) => updateWebhook({ ctx: ctx.service, input })),
  toggle: procedure.input(inputOf(webhookIdSchema)).mutation(({ ctx, input }) => toggleWebhook({ ctx: ctx.service, input })),
  test: procedure.input(inputOf(webhookIdSchema)).mutation(({ ctx, input }) => testWebhook({ ctx: ctx.service, input })),
  delete: procedure.input(inputOf(webhookIdSchema)).mutation(({ ctx, input }) => deleteWebhook({ ctx: ctx.service, input })),
});
