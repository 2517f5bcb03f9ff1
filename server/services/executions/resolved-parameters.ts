import type { NodeServices } from "@/flow/interpreter/execute-visit";
import { type InterpretInput, interpret } from "@/flow/interpreter/interpret";
import type { JsonObject } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import type { AnyNodeDefinition } from "@/flow/node/define-node";
import { literalPaths } from "@/flow/node/literal-paths";
import type { NodeRegistry } from "@/flow/node/registry";
import type { Journal } from "./journal";
import type { StepDetail } from "./types";

export interface Reevaluation extends Pick<InterpretInput, "graph" | "info" | "trigger" | "variables" | "timezone" | "env"> {
  registry: NodeRegistry;
  journal: Journal;
  /** The visit whose parameters are wanted. */
  key: string;
  /** When it ran: what `$now` stood at. */
  at: Date;
}

/** Longer than any journal takes; a damaged one may never lead to the visit. */
const GIVE_UP_MS = 5_000;

/**
 * The parameters of a visit as they were resolved for its first item. The interpreter itself says so: it is deterministic, so
 * replaying the journal leads it to the same visit with the same scope; there the node is asked for its parameters instead of
 * being run. Nothing is executed. Null when the journal does not lead there, or the node takes no parameters (disabled).
 */
export function resolvedParameters({ registry, journal, key, at, ...input }: Reevaluation): Promise<StepDetail["resolved"]> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => resolve(null), GIVE_UP_MS);
    const settle = (found: StepDetail["resolved"]) => {
      clearTimeout(giveUp);
      resolve(found);
    };
    const never = new Promise<never>(() => {});

    interpret({
      ...input,
      registry: {
        definition: (type) => registry.definition(type),
        executor: () => (context) => {
          settle(readParameters(context, registry.definition(context.node.type)));
          throw new Found();
        },
      },
      services: NO_SERVICES,
      lineage: input.info.id,
      maxVisits: Number.POSITIVE_INFINITY,
      now: () => at.getTime(),
      host: {
        outputsInMemory: false,
        outputs: async (each) => (await journal.given(each))?.output.outputs ?? [],
        async run(step, fn) {
          if (step.key === key) {
            await fn({ number: 1, last: false, signal: new AbortController().signal });
            throw new Found();
          }
          return (await journal.summary(step.key)) ?? never;
        },
        sleep: async (step) => void ((await waitEnd(step.key)) ?? (await never)),
        waitForFlows: () => never,
        waitForEvent: async (step) => ((await waitEnd(step.key)) ?? (await never)).payload,
      },
    }).then(
      () => settle(null),
      (error: unknown) => {
        settle(null);
        if (!(error instanceof Found)) reject(error);
      },
    );

    const waitEnd = async (each: string) => (await journal.given(each))?.waitEnd;
  });
}

/** Leaves the interpreter once the parameters are known. */
class Found extends Error {}

const refuse = () => {
  throw new Error("Looking at a step runs nothing");
};
const NO_SERVICES: NodeServices = {
  http: { request: refuse },
  sandbox: { run: refuse },
  storage: () => ({ get: refuse, set: refuse, delete: refuse, list: refuse, update: refuse, staticData: { read: refuse, write: refuse } }),
  checkHost: refuse,
  connect: refuse,
  readBinary: refuse,
  writeBinary: refuse,
  log: refuse,
};

/** All at once where they are right, else field by field, with what is wrong. */
function readParameters(context: NodeContext, definition: AnyNodeDefinition | undefined): NonNullable<StepDetail["resolved"]> {
  try {
    return { values: context.parameters(0), errors: [] };
  } catch (error) {
    const errors: { field: string; message: string }[] = [];
    const isLiteral = definition ? literalPaths(definition) : () => false;
    const values = evaluateFields(context, context.node.parameters, "", isLiteral, errors) as JsonObject;
    if (errors.length === 0) {
      const { field, message } = error as { field?: unknown; message?: unknown };
      errors.push({ field: typeof field === "string" ? field : "", message: String(message) });
    }
    return { values, errors };
  }
}

function evaluateFields(
  context: NodeContext,
  value: unknown,
  path: string,
  isLiteral: (path: string) => boolean,
  errors: { field: string; message: string }[],
): unknown {
  if (typeof value === "string") {
    if (!value.startsWith("=") || isLiteral(path)) return value;
    try {
      return context.evaluate(value, 0) ?? null;
    } catch (error) {
      errors.push({ field: path, message: error instanceof Error ? error.message : String(error) });
      return value;
    }
  }
  if (Array.isArray(value)) return value.map((each, index) => evaluateFields(context, each, `${path}[${index}]`, isLiteral, errors));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      evaluateFields(context, each, path === "" ? name : `${path}.${name}`, isLiteral, errors),
    ]),
  );
}
