import fc from "fast-check";
import type { Graph } from "../../graph/schema";
import { sketch } from "./registry";

/** One node of a random graph. */
export interface Part {
  type: string;
  /** What a `mark` sets `n` to; how often a `loop` goes round. */
  set: number | undefined;
  /** Name of a node whose last item a `mark` reads. */
  reads: string | undefined;
}

const NAMES = ["A", "B", "C", "D", "E", "F"] as const;
const OUTPUTS: Record<string, string[]> = { split: ["even", "odd"], loop: ["done", "again"] };

/** Instant from which a `sleep` counts its seconds; simulated clocks start here. */
export const SLEEPS_FROM = Date.parse("2030-01-01T00:00:00Z");

const parametersOf = ({ type, set, reads }: Part) => {
  if (type === "loop") return { times: (set ?? 0) + 1 };
  if (type === "fail") return { message: "broken" };
  if (type === "flaky") return { until: 2 };
  if (type === "sleep") return { until: new Date(SLEEPS_FROM + (set ?? 0) * 1000).toISOString() };
  return {
    set: {
      ...(set !== undefined && { n: set }),
      ...(reads && { read: `={{ $('${reads}').isExecuted ? $('${reads}').last().json.n : null }}` }),
    },
  };
};

/** A node of one of the types; name a type several times to have it more often. */
export const randomPart = (types: readonly string[]): fc.Arbitrary<Part> =>
  fc.record({
    type: fc.constantFrom(...types),
    set: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    reads: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
  });

const place = fc.integer({ min: 0, max: NAMES.length - 1 });

/** Edges between the six nodes: from, to and which handles. */
export const randomEdges = fc.array(fc.tuple(place, place, fc.integer({ min: 0, max: 1 })), { minLength: 5, maxLength: 9 });

/**
 * Six nodes `A` to `F` behind `Start`. Edges lead on, but for those that lead back to a loop: others would go round for ever.
 * A part of type `flaky` fails at its first attempt and succeeds at its second.
 */
export function graphOf(parts: readonly Part[], edges: readonly (readonly [number, number, number])[]): Graph {
  const drawn = edges.flatMap(([one, other, handle]) => {
    const back = one > other && parts[other]!.type === "loop";
    const [from, to] = back ? [one, other] : [Math.min(one, other), Math.max(one, other)];
    if (from === to) return [];
    const outs = OUTPUTS[parts[from]!.type] ?? ["main"];
    const ins = parts[to]!.type === "merge" ? ["a", "b"] : ["main"];
    return [`${NAMES[from]}.${outs[handle % outs.length]} -> ${NAMES[to]}.${ins[handle % ins.length]}`];
  });
  const nodes = parts.map((part, index) => [
    NAMES[index],
    {
      type: part.type === "flaky" ? "fail" : part.type,
      at: [index, (index * 7) % 5] as [number, number],
      parameters: parametersOf(part),
      ...(part.type === "flaky" && { settings: { retry: { maxAttempts: 3, waitMs: 1000, backoff: "fixed" as const } } }),
    },
  ]);
  return sketch({ Start: { type: "start" }, ...Object.fromEntries(nodes) }, [
    parts[0]!.type === "merge" ? "Start -> A.a" : "Start -> A",
    ...new Set(drawn),
  ]);
}
