import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import type { Webhook, WebhookDelivery } from "@/prisma/generated/client";
import { isBrokenKey } from "@/server/secrets/signing-key";
import { idSchema, line, storable } from "../parse";
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from "./event-types";
import { RESERVED_HEADER } from "./headers";

const eventTypes = z
  .array(z.enum(Object.keys(WEBHOOK_EVENT_TYPES) as [WebhookEventType, ...WebhookEventType[]]))
  .min(1, "must name at least one event")
  .max(20)
  .transform((names) => [...new Set(names)]);

const url = line(2000).refine(
  (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === "",
  "must be a URL that starts with https:// or http://, without a user name in it",
);

const headers = z
  .record(
    z
      .string()
      .max(200)
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is not the name of a header")
      .refine((name) => !RESERVED_HEADER.test(name), "is set by Tolstoy"),
    line(2000).refine((value) => /^[\t\x20-\x7e]*$/.test(value), "may hold printable ASCII only"),
  )
  .refine((record) => Object.keys(record).length <= 20, "may be at most 20");

const secret = storable(
  z
    .string()
    .min(16, "must be at least 16 characters long")
    .max(1000, "must be at most 1000 characters long")
    .refine((text) => !isBrokenKey(text), "begins with whsec_ and must then be Base64 of at least 16 bytes"),
);

export const createWebhookSchema = z.object({
  name: line(100),
  url,
  eventTypes,
  /** Signs what is sent. */
  secret: secret.nullish(),
  headers: headers.optional(),
  enabled: z.boolean().default(true),
});

export const updateWebhookSchema = z.object({
  id: idSchema,
  name: line(100).optional(),
  url: url.optional(),
  eventTypes: eventTypes.optional(),
  /** Null takes it away: messages are then not signed. */
  secret: secret.nullish(),
  headers: headers.optional(),
  enabled: z.boolean().optional(),
});

/** A webhook as it is shown: neither its secret nor the values of its headers. */
export interface WebhookSummary {
  id: string;
  name: string;
  url: string;
  eventTypes: string[];
  enabled: boolean;
  hasSecret: boolean;
  headerNames: string[];
  createdAt: string;
}

export interface WebhookDeliverySummary {
  id: string;
  eventType: string;
  executionId: string | null;
  status: "pending" | "delivered" | "failed";
  attempts: number;
  responseStatus: number | null;
  error: string | null;
  durationMs: number | null;
  createdAt: string;
  /** Of the next attempt, while it is pending. */
  nextAt: string | null;
}

/** A message with what was sent. */
export interface WebhookDeliveryDetail extends WebhookDeliverySummary {
  payload: JsonObject;
  /** As the webhook is set up now. Secrets are not among them. */
  headers: { name: string; value: string }[];
  /** The beginning of the last answer; null when there was none, or it was empty. */
  responseExcerpt: string | null;
}

export const summaryOf = (row: Webhook, headerNames: string[]): WebhookSummary => ({
  id: row.id,
  name: row.name,
  url: row.url,
  eventTypes: row.eventTypes,
  enabled: row.enabled,
  hasSecret: row.secret !== null,
  headerNames,
  createdAt: row.createdAt.toISOString(),
});

export const deliverySummaryOf = (row: Omit<WebhookDelivery, "payload" | "responseExcerpt">): WebhookDeliverySummary => ({
  id: row.id,
  eventType: row.eventType,
  executionId: row.executionId,
  status: row.status as WebhookDeliverySummary["status"],
  attempts: row.attempts,
  responseStatus: row.responseStatus,
  error: row.error,
  durationMs: row.durationMs,
  createdAt: row.createdAt.toISOString(),
  nextAt: row.status === "pending" ? row.nextAt.toISOString() : null,
});
