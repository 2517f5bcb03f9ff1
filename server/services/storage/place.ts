import { z } from "zod";
import type { Db } from "@/server/db";
import { findFlow } from "../flows/find";
import { idSchema, text } from "../parse";

/** Whose values: a flow's, one of its nodes', or, without a flow, those that all flows of the organization share. */
export const placeSchema = z.object({ flowId: idSchema.nullish(), nodeId: text(200).nullish() });

export const keySchema = text(512).refine((key) => key !== "", "must not be empty");

export interface Place {
  organizationId: string;
  flowId: string;
  nodeId: string;
  /** What an execution has changed and not yet made count is none of anybody's. */
  executionId: "";
}

/** @throws ServiceError `not_found` for a flow of another organization, too. */
export async function findPlace(tx: Db, organizationId: string, { flowId, nodeId }: z.output<typeof placeSchema>): Promise<Place> {
  if (flowId) await findFlow(tx, organizationId, flowId);
  return { organizationId, flowId: flowId ?? "", nodeId: flowId ? (nodeId ?? "") : "", executionId: "" };
}

/** How the audit log names it. */
export const targetOf = ({ flowId }: Place): string => (flowId === "" ? "storage" : `flow:${flowId}`);
