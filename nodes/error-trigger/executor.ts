import type { NodeExecutor } from "@/flow/node/context";
import { errorTrigger } from "./definition";

/** Passes on what is known of the failure; run by hand, an example of it. */
export const execute: NodeExecutor = ({ items }) =>
  items.some(({ json }) => "workflow" in json) ? [[...items]] : [(errorTrigger.sample ?? []).map((json) => ({ json }))];
