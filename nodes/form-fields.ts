import { z } from "zod";
import { field } from "@/flow/node/field";

const choices = { type: ["dropdown", "checkbox", "radio"] };

/** One field of a form. */
export const formField = z.object({
  label: field(z.string().max(500).default(""), "Label", { description: "What people read, and the name of the value." }),
  name: field(z.string().max(200).default(""), "Name of the value", { description: "Empty: the label.", advanced: true }),
  type: field(
    z
      .enum(["text", "textarea", "number", "email", "password", "date", "dropdown", "checkbox", "radio", "file", "hidden", "html"])
      .default("text"),
    "Type",
    {
      labels: {
        text: "Text",
        textarea: "Text of several lines",
        number: "Number",
        email: "E-mail",
        password: "Password",
        date: "Date",
        dropdown: "Drop-down",
        checkbox: "Checkboxes",
        radio: "Radio buttons",
        file: "File",
        hidden: "Hidden value",
        html: "Text between the fields",
      },
    },
  ),
  placeholder: field(z.string().max(500).default(""), "Placeholder", {
    showIf: { type: ["text", "textarea", "number", "email", "password"] },
  }),
  value: field(z.string().max(5000).default(""), "Value", {
    description: "What stands there at first; for a hidden one, what is sent.",
    showIf: { type: ["text", "textarea", "number", "email", "date", "hidden", "html"] },
  }),
  options: field(z.string().max(20_000).default(""), "Options", { description: "One a line.", control: "textarea", showIf: choices }),
  multiple: field(z.boolean().default(false), "Several", { showIf: { type: ["dropdown", "file"] } }),
  accept: field(z.string().max(500).default(""), "Accepted files", { placeholder: ".pdf, .jpg", showIf: { type: ["file"] } }),
  required: field(z.boolean().default(false), "Required"),
});
