import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";
import { sqlEffect, sqlIsRepeatable, sqlParameters } from "../sql-parameters";

export const postgres = defineNode({
  type: "postgres",
  version: 1,
  name: "Postgres",
  description: "Reads and writes a Postgres database.",
  docs: "Values are always sent beside the SQL, never as a part of it. The credential has the fields `host`, `port`, `user`, `password` and `database`, and `ssl`: `true` (default), `false` or `no-verify`; `ca` may hold a certificate to trust. JSON columns take any value; numeric and bigint columns give text, since numbers here lose digits beyond 2^53.",
  category: "integration",
  icon: "database",
  parameters: z.object({
    ...sqlParameters("$1, $2, …"),
    schema: field(z.string().default("public"), "Schema", {
      showIf: { operation: ["select", "insert", "upsert", "update", "delete"] },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "postgres", label: "Postgres", types: ["custom"], kind: "postgres", required: true }],
  effect: sqlEffect,
  repeatable: sqlIsRepeatable,
  sample: [{ id: 1, name: "Ada", created_at: "2026-01-31T09:30:00.000Z" }],
});
