import type { z } from "zod";
import { actionSchema, type CatalogTool, type failureSchema, toolSchema } from "./schema";

type GivenTool = z.input<typeof toolSchema>;
type GivenAction = z.input<typeof actionSchema>;

/** A ready tool as it is written down. */
export interface ToolSource extends GivenTool {
  /** Sent with every call, unless the action has a header of that name. */
  headers?: Record<string, string>;
  /** How answers of all its actions say that they failed, unless the action has a rule of its own. */
  failure?: z.input<typeof failureSchema>;
  test: NonNullable<CatalogTool["test"]>;
  actions: GivenAction[];
}

/**
 * A ready tool with its defaults filled in.
 * @throws ZodError when it is no valid definition
 */
export function defineTool({ headers = {}, failure, test, actions, ...tool }: ToolSource): CatalogTool {
  return {
    ...toolSchema.parse(tool),
    test,
    actions: actions.map((action) =>
      actionSchema.parse({
        ...action,
        headers: { ...headers, ...action.headers },
        ...((failure || action.response) && { response: { ...(failure && { failure }), ...action.response } }),
      }),
    ),
  };
}
