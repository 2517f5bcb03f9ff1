import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

/** Nobody announces those, so that a flow that waited for one would never start. */
const eventName = z
  .string()
  .max(200)
  .refine(
    (name) => !name.trim().startsWith("tolstoy/flow."),
    'is no event that is announced: choose "Another flow ended" for the ends of flows',
  )
  .default("");

export const eventTrigger = defineNode({
  type: "event-trigger",
  version: 1,
  name: "Event Trigger",
  description: "Starts the flow when an event is announced, or when another flow has ended.",
  category: "trigger",
  icon: "radio",
  parameters: z.object({
    source: field(z.enum(["named", "flows"]).default("named"), "Event", {
      labels: { named: "One announced by name", flows: "Another flow ended" },
    }),
    name: field(eventName, "Name", {
      description: "As it is announced to POST /api/v1/events. * stands for any text: order.*",
      placeholder: "order.created",
      expression: false,
      required: true,
      showIf: { source: ["named"] },
    }),
    ends: field(
      z
        .array(z.enum(["succeeded", "failed", "timed_out", "cancelled"]))
        .min(1)
        .default(["failed"]),
      "Ended",
      {
        labels: { succeeded: "Succeeded", failed: "Failed", timed_out: "Timed out", cancelled: "Cancelled" },
        showIf: { source: ["flows"] },
      },
    ),
    flowId: field(z.string().max(200).default(""), "Flow", {
      description: "Empty: any other flow of the organization.",
      control: "flow",
      expression: false,
      showIf: { source: ["flows"] },
    }),
    filter: field(z.string().max(2000).default(""), "Only if", {
      description: "An expression over the event that must be true, like {{ $json.data.total > 100 }}. Empty: always.",
      expression: false,
      placeholder: "{{ $json.data.total > 100 }}",
    }),
  }),
  inputs: [],
  outputs: [{ name: "main" }],
  effect: "pure",
  trigger: "event",
  sample: [{ id: "evt_01", name: "order.created", data: { orderId: 17, total: 120 }, receivedAt: "2026-01-01T12:00:00.000Z" }],
});
