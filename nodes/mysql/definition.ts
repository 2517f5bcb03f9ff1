import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { sqlEffect, sqlIsRepeatable, sqlParameters } from "../sql-parameters";

export const mysql = defineNode({
  type: "mysql",
  version: 1,
  name: "MySQL",
  description: "Reads and writes a MySQL or MariaDB database.",
  docs: "Values are always sent beside the SQL, never as a part of it. The credential has the fields `host`, `port`, `user`, `password` and `database`, and `ssl`: `true` (default), `false` or `no-verify`; `ca` may hold a certificate to trust. Times are in UTC. Tables that know no transactions (MyISAM) keep what was written before an item failed.",
  category: "integration",
  icon: "database",
  parameters: z.object(sqlParameters("?, ?, …")),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "mysql", label: "MySQL", types: ["custom"], kind: "mysql", required: true }],
  effect: sqlEffect,
  repeatable: sqlIsRepeatable,
  sample: [{ id: 1, name: "Ada", created_at: "2026-01-31T09:30:00.000Z" }],
});
