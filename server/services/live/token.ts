import { z } from "zod";
import { db } from "@/server/db";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { notFound } from "../errors";
import { idSchema, parse } from "../parse";
import type { LiveGrant, LiveListener } from "./transport";
import { liveTransport } from "./transport";

export const liveTokenSchema = z.object({ executionId: idSchema });

export interface LiveRequest extends Pick<LiveListener, "mayStay"> {
  ctx: ServiceContext;
  input: z.input<typeof liveTokenSchema>;
}

/** How this process tells a browser what an execution does, and the right to listen to this one. */
export async function grantLive({ ctx, input, mayStay }: LiveRequest): Promise<LiveGrant> {
  const caller = authorize(ctx, "viewer");
  const { executionId } = parse(liveTokenSchema, input);
  const found = await db().execution.findFirst({ where: { id: executionId, organizationId: caller.organizationId }, select: { id: true } });
  if (!found) throw notFound("Execution");
  return liveTransport().grant({ organizationId: caller.organizationId, executionId, actor: caller.name, mayStay });
}
