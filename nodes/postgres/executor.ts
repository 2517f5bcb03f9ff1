import { FatalError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import { runSql, tableName } from "../sql-run";
import type { PostgresParameters } from "./client";

export const execute: NodeExecutor<PostgresParameters> = (context) =>
  runSql(context, {
    async connect({ connect, signal }, { largeNumbers, maxRows, timeoutSeconds }) {
      const fields = await context.credential("postgres");
      if (!fields) throw new FatalError(`Choose a credential for Postgres in the node "${context.node.name}"`);
      const { connectPostgres } = await import("./client");
      return connectPostgres(fields, { connect, signal, largeNumbers, maxRows, timeoutMs: timeoutSeconds * 1000 });
    },
    table: ({ schema, table }, dialect, index) =>
      `${schema.trim() === "" ? "" : `${dialect.quote(schema.trim())}.`}${tableName(dialect, table, index)}`,
  });
