import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const forCall = ["webhook", "approval", "event"];
const forEvent = { resume: ["event"] };
const unit = z.enum(["seconds", "minutes", "hours", "days"]);
const labels = { seconds: "Seconds", minutes: "Minutes", hours: "Hours", days: "Days" };
const afterwards = { resume: forCall, limitWait: [true] };

export const wait = defineNode({
  type: "wait",
  version: 1,
  name: "Wait",
  description: "Holds the execution for a while, until a time, for a call or for somebody's approval. Nothing is kept busy meanwhile.",
  category: "flow",
  icon: "hourglass",
  parameters: z.object({
    resume: field(z.enum(["interval", "time", "webhook", "approval", "event"]).default("interval"), "Resume", {
      labels: {
        interval: "After a time interval",
        time: "At a specified time",
        webhook: "When its resume URL is called",
        approval: "When somebody approves",
        event: "When an event is announced",
      },
    }),
    amount: field(z.number().min(0).default(5), "Wait", { showIf: { resume: ["interval"] } }),
    unit: field(unit.default("seconds"), "Unit", { labels, showIf: { resume: ["interval"] } }),
    dateTime: field(z.string().default(""), "Date and time", {
      description: "In the flow's time zone unless it names one.",
      placeholder: "2026-12-24T18:00:00",
      showIf: { resume: ["time"] },
    }),
    message: field(z.string().max(2000).default(""), "Message", {
      description: "What is to be decided; shown beside the buttons.",
      control: "textarea",
      showIf: { resume: ["approval"] },
    }),
    eventName: field(z.string().max(200).default(""), "Event", {
      description: "Its name, as it is announced to POST /api/v1/events.",
      placeholder: "order.paid",
      required: true,
      showIf: forEvent,
    }),
    eventPath: field(z.string().max(500).default(""), "Where", {
      description: "A field of the event's data that must have the value below: order.id. Empty: any event of the name.",
      placeholder: "order.id",
      showIf: forEvent,
    }),
    eventValue: field(z.unknown().default(""), "Is", { placeholder: "={{ $json.orderId }}", control: "text", showIf: forEvent }),
    limitWait: field(z.boolean().default(false), "Limit the wait", {
      description: "Goes on with the items as they came when nothing has happened by then.",
      showIf: { resume: forCall },
    }),
    limitType: field(z.enum(["interval", "time"]).default("interval"), "Limit", {
      labels: { interval: "After a time interval", time: "At a specified time" },
      showIf: afterwards,
    }),
    limitAmount: field(z.number().min(0).default(1), "At most", { showIf: { ...afterwards, limitType: ["interval"] } }),
    limitUnit: field(unit.default("hours"), "Unit", { labels, showIf: { ...afterwards, limitType: ["interval"] } }),
    limitDateTime: field(z.string().default(""), "At the latest", { showIf: { ...afterwards, limitType: ["time"] } }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
