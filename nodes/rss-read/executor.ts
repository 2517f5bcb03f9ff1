import type { z } from "zod";
import type { NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import type { rssRead } from "./definition";
import { readFeed } from "./read-feed";

type Parameters = z.infer<typeof rssRead.parameters>;

export const execute: NodeExecutor<Parameters> = (context) =>
  mapItems(context, async (_, index) => {
    const parameters = context.parameters(index);
    if (parameters.firstItemOnly && index > 0) return [];
    return (await readFeed(context, parameters, index)).map((json) => ({ json }));
  });
