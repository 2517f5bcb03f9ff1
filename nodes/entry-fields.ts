import { z } from "zod";
import { field } from "@/flow/node/field";

/** Parameters of triggers that compare a list with what it was. */
export const entryFields = {
  listPath: field(z.string().max(500).default(""), "List", {
    description: "Where the list stands in the answer: `data.items`. Empty: the answer is the list.",
    placeholder: "data.items",
  }),
  identify: field(z.enum(["field", "position"]).default("field"), "Tell entries apart by", {
    labels: { field: "A field", position: "Their place: rows of a table that grows at its end" },
  }),
  idField: field(z.string().max(500).default("id"), "Id", {
    showIf: { identify: ["field"] },
    description: "The field that tells the entries apart. Where an entry has none, all that it says does.",
    placeholder: "id",
  }),
  mode: field(z.enum(["new", "changed", "updated"]).default("new"), "Watch for", {
    labels: { new: "New entries", changed: "New and changed entries", updated: "Changed entries" },
  }),
  changeField: field(z.string().max(500).default(""), "Changes in", {
    description: "The field that tells whether an entry has changed, such as `updated_at`. Empty: anything in it.",
    placeholder: "updated_at",
    showIf: { mode: ["changed", "updated"] },
  }),
  order: field(z.enum(["any", "newestFirst"]).default("any"), "Order of the list", {
    description: "Of a list that shows the newest part of a longer one, what moves up at its end, since something was deleted, is not new.",
    labels: { any: "Any", newestFirst: "The newest first" },
    showIf: { identify: ["field"] },
    advanced: true,
  }),
};
