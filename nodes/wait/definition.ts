import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { formField } from "../form-fields";
import { waitLimitFields, waitUnit, waitUnitLabels } from "../wait-limit-fields";

const forCall = ["webhook", "approval", "event", "form"];
const forEvent = { resume: ["event"] };
const forForm = { resume: ["form"] };
const afterForm = { ...forForm, formRespond: ["submitted"] };

export const wait = defineNode({
  type: "wait",
  version: 1,
  name: "Wait",
  description: "Holds the execution for a while, until a time, for a call, a form or somebody's approval. Nothing is kept busy meanwhile.",
  category: "flow",
  icon: "hourglass",
  parameters: z.object({
    resume: field(z.enum(["interval", "time", "webhook", "form", "approval", "event"]).default("interval"), "Resume", {
      labels: {
        interval: "After a time interval",
        time: "At a specified time",
        webhook: "When its resume URL is called",
        form: "When its form is sent",
        approval: "When somebody approves",
        event: "When an event is announced",
      },
    }),
    amount: field(z.number().min(0).default(5), "Wait", { showIf: { resume: ["interval"] } }),
    unit: field(waitUnit.default("seconds"), "Unit", { labels: waitUnitLabels, showIf: { resume: ["interval"] } }),
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
    formTitle: field(z.string().max(500).default("Form"), "Title", { showIf: forForm }),
    formDescription: field(z.string().max(5000).default(""), "Description", { control: "textarea", showIf: forForm }),
    fields: field(z.array(formField).max(200).default([]), "Fields", { showIf: forForm }),
    buttonLabel: field(z.string().max(100).default("Submit"), "Button", { showIf: forForm }),
    formRespond: field(z.enum(["submitted", "lastNode"]).default("submitted"), "Respond", {
      description: "Where a further page follows, that is shown instead.",
      labels: { submitted: "When the form is sent", lastNode: "When the last node finishes" },
      showIf: forForm,
    }),
    respondWith: field(z.enum(["text", "redirect"]).default("text"), "With", {
      labels: { text: "A text", redirect: "Another page" },
      showIf: afterForm,
    }),
    responseText: field(z.string().max(5000).default("Thank you. Your answer was sent."), "Text", {
      control: "textarea",
      showIf: { ...afterForm, respondWith: ["text"] },
    }),
    redirectUrl: field(z.string().max(2000).default(""), "Page", {
      placeholder: "https://example.com/thanks",
      showIf: { ...afterForm, respondWith: ["redirect"] },
    }),
    ...waitLimitFields({ resume: forCall }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
