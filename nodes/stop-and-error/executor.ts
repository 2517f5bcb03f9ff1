import type { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { NodeExecutor } from "@/flow/node/context";
import { parseJsonObject } from "../json-parameter";
import type { stopAndError } from "./definition";

export const execute: NodeExecutor<z.infer<typeof stopAndError.parameters>> = ({ parameters }) => {
  const { errorType, message, object } = parameters(0);
  if (errorType === "message") throw new FatalError(message || "An error occurred!");
  const error = parseJsonObject(object, "object", 0);
  const text = error.message ?? error.description ?? error.error;
  throw new FatalError(typeof text === "string" ? text : JSON.stringify(error));
};
