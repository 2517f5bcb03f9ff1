import type { z } from "zod";
import { readCustomData } from "@/server/execution/custom-data";
import { sql } from "@/server/sql";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { parse } from "../parse";
import { findHead } from "./read";
import { executionIdSchema } from "./snapshot";

/** What an execution says of itself, by name, in the order in which it was set. */
export async function executionCustomData({
  ctx,
  input,
}: {
  ctx: ServiceContext;
  input: z.input<typeof executionIdSchema>;
}): Promise<{ values: { key: string; value: string }[] }> {
  const { organizationId } = authorize(ctx, "viewer");
  const { id } = parse(executionIdSchema, input);
  await findHead(organizationId, id);
  const values = await readCustomData(sql(), { organizationId, executionId: id });
  return { values: Object.entries(values).map(([key, value]) => ({ key, value })) };
}
