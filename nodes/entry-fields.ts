import { z } from "zod";
import { field } from "@/flow/node/field";

/** Parameters of triggers that compare a list with what it was. */
export const entryFields = {
  listPath: field(z.string().max(500).default(""), "List", {
    description: "Where the list stands in the answer: `data.items`. Empty: the answer is the list.",
    placeholder: "data.items",
  }),
  idField: field(z.string().max(500).default("id"), "Id", {
    description: "The field that tells the entries apart. Where an entry has none, all that it says does.",
    placeholder: "id",
  }),
  mode: field(z.enum(["new", "changed"]).default("new"), "Watch for", {
    labels: { new: "New entries", changed: "New and changed entries" },
  }),
  changeField: field(z.string().max(500).default(""), "Changes in", {
    description: "The field that tells whether an entry has changed, such as `updated_at`. Empty: anything in it.",
    placeholder: "updated_at",
    showIf: { mode: ["changed"] },
  }),
};
