import type { Json } from "@/flow/item";
import type { Script } from "../../embedded/testing/scripts";
import type { ClaimedExecution } from "../../engine";
import type { createFlowStarter } from "../../sub-flows/starter";

/** Does something outside that can be counted; resolves once it is done. */
export type Effect = (name: string) => Promise<void>;

/** Starts executions of other flows for the steps of one. */
type StarterOf = (execution: ClaimedExecution) => ReturnType<typeof createFlowStarter>;

/** Executions that each one of the flow `parent` starts. */
export const CHILDREN = 3;

/** What a storm's executions do, by flow id. Each write's name is `<execution's number>-<step>`. */
export function stormFlows(effect: Effect, starterOf: StarterOf): Record<string, Script> {
  const write = (n: unknown, step: string) => async (): Promise<Json> => {
    await effect(`${n}-${step}`);
    return { name: `${n}-${step}` };
  };
  return {
    /** Writes one after the other, short rests and long ones between them. */
    chain: async (steps, { n }) => {
      for (let index = 0; index < 6; index++) {
        await steps.run(`write${index}`, write(n, `write${index}`), { effect: "write" });
        await steps.run(`pure${index}`, () => ({ index }));
        await steps.sleep(`rest${index}`, new Date(Date.now() + (index % 2 === 0 ? 60 : 4000)));
      }
    },
    /** Branches that write at the same time. */
    fork: async (steps, { n }) => {
      await steps.run("start", () => ({ n: n as Json }));
      await Promise.all(["a", "b", "c"].map((branch) => steps.run(branch, write(n, branch), { effect: "write" })));
      await steps.sleep("rest", new Date(Date.now() + 6000));
      await steps.run("join", write(n, "join"), { effect: "write" });
    },
    /** A write that fails before it does anything, twice. */
    retry: async (steps, { n }) => {
      await steps.run(
        "flaky",
        async (attempt) => {
          if (attempt.number < 3) throw new Error("not yet");
          return write(n, "flaky")();
        },
        { effect: "write", retry: { maxAttempts: 5, waitMs: 120 } },
      );
    },
    /** Waits to be told, then writes. */
    approval: async (steps, { n }) => {
      await steps.run("ask", write(n, "ask"), { effect: "write" });
      const answer = await steps.wait("gate");
      await steps.run("told", () => ({ answer }));
      await steps.run("after", write(n, "after"), { effect: "write" });
    },
    /** Runs another flow three times at once, and writes once all three have ended. */
    parent: async (steps, { n }, execution) => {
      const starter = starterOf(execution);
      await steps.flows("children", async (caller) => {
        const flows = starter(caller);
        const ids: string[] = [];
        for (let index = 0; index < CHILDREN; index++) {
          const items = [{ json: { of: n ?? null, child: index } }];
          ids.push((await flows.start({ flow: { id: "child" }, items, index, wait: true })).executionId);
        }
        const outcomes = await Promise.all(ids.map((id) => flows.outcome(id)));
        const ended = outcomes.flatMap((outcome) => (outcome ? [outcome.status] : []));
        return { started: CHILDREN, value: ended.length === CHILDREN ? { ended } : null };
      });
      await steps.run("after", write(n, "after"), { effect: "write" });
    },
    child: async (steps, { of, child }) => {
      await steps.sleep("rest", new Date(Date.now() + 700 * Number(child)));
      await steps.run("write", write(of, `child${child}`), { effect: "write" });
    },
    /** Nothing but computing. */
    pure: async (steps) => {
      for (let index = 0; index < 10; index++) await steps.run(`step${index}`, () => ({ index }));
    },
    /** Fails for good, after a write. */
    broken: async (steps, { n }) => {
      await steps.run("write", write(n, "write"), { effect: "write" });
      await steps.run("fault", () => {
        throw new Error("always");
      });
    },
  };
}

/** Writes of one arrival at each flow. That of `mended` fails after its first one, and is resumed on a draft that does not. */
export const WRITES: Record<string, readonly string[]> = {
  chain: ["write0", "write1", "write2", "write3", "write4", "write5"],
  fork: ["a", "b", "c", "join"],
  retry: ["flaky"],
  approval: ["ask", "after"],
  pure: [],
  broken: ["write"],
  parent: ["child0", "child1", "child2", "after"],
  mended: ["first", "last"],
};

/** How executions end, by the number of arrivals. */
export function expectedEnds(arrivals: number): { succeeded: number; failed: number } {
  const flows = Object.keys(WRITES);
  const at = (flow: string) => Math.floor((arrivals - flows.indexOf(flow) - 1) / flows.length) + 1;
  return { succeeded: arrivals - at("broken") + at("parent") * CHILDREN, failed: at("broken") + at("mended") };
}
