import type { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import { runSql, tableName } from "../sql-run";
import type { mysql } from "./definition";

export const execute: NodeExecutor<z.infer<typeof mysql.parameters>> = (context) =>
  runSql(context, {
    async connect({ connect, signal }, { largeNumbers, maxRows, timeoutSeconds }) {
      const fields = await context.credential("mysql");
      if (!fields) throw new FatalError(`Choose a credential for MySQL in the node "${context.node.name}"`);
      const { connectMysql } = await import("./client");
      return connectMysql(fields, { connect, signal, largeNumbers, maxRows, timeoutMs: timeoutSeconds * 1000 });
    },
    // A schema is a database here, and may stand before the table.
    table: ({ table }, dialect, index) =>
      table.includes(".")
        ? table
            .split(".")
            .map((part) => tableName(dialect, part, index))
            .join(".")
        : tableName(dialect, table, index),
  });
