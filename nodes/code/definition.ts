import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const EXAMPLE = `// Items come in as $input.all(); return the items that go out.
for (const item of $input.all()) {
  item.json.checked = true;
}
return $input.all();`;

export const code = defineNode({
  type: "code",
  version: 1,
  name: "Code",
  description: "Runs JavaScript, TypeScript or Python of yours, sandboxed.",
  category: "code",
  icon: "code",
  parameters: z.object({
    mode: field(z.enum(["allItems", "eachItem"]).default("allItems"), "Run", {
      labels: { allItems: "Once for all items", eachItem: "Once for each item" },
    }),
    language: field(z.enum(["javascript", "typescript", "python"]).default("javascript"), "Language", {
      labels: { javascript: "JavaScript", typescript: "TypeScript", python: "Python" },
    }),
    code: field(z.string().max(500_000).default(EXAMPLE), "Code", {
      description:
        "The body of a function. `$input`, `$json`, `$('Node name')`, `$now` and `console.log` are there; in Python `_input`, `_items`, `_item`, `_json`, `_('Node name')`, `_now` and `print`.",
      control: "code",
      language: "javascript",
      expression: false,
    }),
    timeoutSeconds: field(z.number().min(0.1).max(300).default(60), "Time limit", { description: "Seconds." }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  // What code keeps for the next execution is kept once.
  effect: ({ code }: JsonObject): Effect => (typeof code === "string" && code.includes("getWorkflowStaticData") ? "write" : "pure"),
});
