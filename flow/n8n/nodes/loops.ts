import type { NodeMapping } from "../source";

/** Which output is which changed twice: version 1 had none for the end. */
const OUTPUTS: Readonly<Record<number, readonly string[]>> = { 1: ["loop"], 2: ["loop", "done"], 3: ["done", "loop"] };

/** Split In Batches 1–2, Loop Over Items from 3 on. */
export const splitInBatches: NodeMapping = (source) => ({
  type: "loop-over-items",
  parameters: {
    batchSize: source.number("batchSize", source.version >= 3 ? 1 : 10),
    reset: source.flag("options.reset"),
  },
  outputs: OUTPUTS[Math.min(3, Math.max(1, Math.trunc(source.version)))] ?? [],
});
