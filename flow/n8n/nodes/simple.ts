import type { JsonObject } from "../../item";
import type { NodeMapping } from "../source";

export const noOp: NodeMapping = () => ({ type: "no-op", parameters: {} });

export const stopAndError: NodeMapping = (source) => {
  const errorType = source.option("errorType", { errorMessage: "message", errorObject: "object" }, "errorMessage");
  const parameters: JsonObject =
    errorType === "message"
      ? { errorType, message: source.text("errorMessage", "An error occurred!") }
      : { errorType, object: source.value("errorObject", "{}") };
  return { type: "stop-and-error", parameters, outputs: [] };
};

/** Notes that lie on the canvas: never executed. */
export const stickyNote: NodeMapping = (source) => ({
  type: "sticky-note",
  parameters: {
    content: source.text("content"),
    width: source.fixedNumber("width", 240),
    height: source.fixedNumber("height", 160),
    color: source.fixedNumber("color", 1),
  },
  inputs: [],
  outputs: [],
});
