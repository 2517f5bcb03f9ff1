import { FatalError, isRetriable, type StepError, toStepError } from "@/flow/execution/errors";
import type { Graph } from "@/flow/graph/schema";
import type { Json, JsonObject } from "@/flow/item";
import { credentialSlots } from "@/flow/node/define-node";
import type { NodePoll, PollContext } from "@/flow/node/poll";
import { loadPoll } from "@/nodes/registry";
import { createExecutionCredentials } from "@/server/credentials/execution-credentials";
import { getEngine } from "@/server/execution/get-engine";
import { writeBinary } from "@/server/execution/payloads";
import { logger } from "@/server/logger";
import { actionsOf } from "@/server/services/actions/resolve";
import { registry } from "@/server/services/registry";
import { sql } from "@/server/sql";
import { startErrorFlowOfTrigger } from "../error-flow";
import { DEFAULT_TIMEZONE } from "../slots";
import { publishedGraph, TRIGGER_IS_GONE } from "../webhook-registry";
import { type ClaimedPoll, releasePoll } from "./claim";
import { checkFound, type Found } from "./found";
import { recordPoll, recordPollFailure } from "./record";
import type { PollServices } from "./services";
import { pollParameters, pollSource } from "./source";
import { nextPoll, nextPollAfterFailure, pollRules } from "./times";

/** A poll that takes longer has failed. */
const LONGEST_POLL_MS = 120_000;

/** Failures in a row that the error flow is told of, where the next poll may work. */
const FAILURES_TOLD = 3;
/** Until the next poll of a trigger whose rules cannot be read. */
const WITHOUT_RULES_MS = 3_600_000;

/**
 * Polls a claimed trigger and records what came of it, a failure too. The lease is over when this resolves.
 * @param stopping the process ends: the poll is given up, and made again by another
 * @returns executions to start
 */
export async function pollTrigger(claim: ClaimedPoll, services: PollServices, now: () => Date, stopping: AbortSignal): Promise<number> {
  const { triggerId, flowId } = claim;
  let regular: Date | null = null;
  let place: Place | null = null;
  try {
    place = await placeOf(claim, services);
    const { graph } = place;
    const timezone = graph.settings.timezone ?? DEFAULT_TIMEZONE;
    const parameters = pollParameters(place, now().getTime());
    const next = () => nextPoll(pollRules(parameters), now(), timezone, triggerId);
    regular = next();
    const source = pollSource(place);
    const isFirst = claim.cursor === null || claim.source !== source;
    const cursor = isFirst ? null : (JSON.parse(claim.cursor ?? "null") as Json);
    const found = await ask(place, { parameters, cursor, timezone, now: now() }, claim, services, stopping);
    const each = parameters.each === "event" ? "event" : "batch";
    const started = await recordPoll(claim, { ...found, source, isFirst, each, nextAt: next() });
    if (started === null) await releasePoll(claim);
    return started ?? 0;
  } catch (thrown) {
    if (stopping.aborted) {
      await releasePoll(claim);
      return 0;
    }
    const failures = claim.failures + 1;
    const error = toStepError(thrown);
    logger.warn({ err: thrown, triggerId, flowId, failures }, "a trigger could not be polled");
    const { retryAfterMs: waitMs } = thrown as { retryAfterMs?: number };
    const nextAt = nextPollAfterFailure(regular, now(), { failures, mayPass: mayPass(error), waitMs });
    const nextOr = nextAt ?? new Date(now().getTime() + WITHOUT_RULES_MS);
    const isNoted = await recordPollFailure(claim, { error: error.message, nextAt: nextOr });
    if (isNoted && place && (failures >= FAILURES_TOLD || !mayPass(error))) await tell(claim, place, error);
    return 0;
  }
}

/** Time-outs and "too many", which say that another time may do. */
const PASSING_STATUSES = [408, 425, 429];

/** Whether the next poll may work without anybody's doing. */
const mayPass = (error: StepError): boolean =>
  isRetriable(error) &&
  !(error.httpStatus && error.httpStatus >= 400 && error.httpStatus < 500 && !PASSING_STATUSES.includes(error.httpStatus));

/** Has the flow's error flow know, once until a poll has worked again. */
async function tell({ organizationId, flowId, flowName, triggerId, polledAt }: ClaimedPoll, place: Place, error: StepError): Promise<void> {
  const { graph, node } = place;
  const dedupeKey = `poll-error:${triggerId}:${polledAt?.toISOString() ?? "never"}`;
  await startErrorFlowOfTrigger(sql(), await getEngine(), { organizationId, flowId, flowName, graph, node, error, dedupeKey }).catch(
    (thrown: unknown) => logger.error({ err: thrown, triggerId, flowId }, "the error flow of a trigger that fails could not be started"),
  );
}

type Place = Parameters<typeof pollSource>[0] & { poll: NodePoll };

async function placeOf({ flowId, flowName, version, nodeId }: ClaimedPoll, { env }: PollServices): Promise<Place> {
  const graph: Graph = await publishedGraph(flowId, version);
  const node = graph.nodes.find(({ id }) => id === nodeId);
  const definition = node && registry.definition(node.type);
  const poll = node && (await loadPoll(node.type));
  if (!definition || !poll) throw new FatalError(TRIGGER_IS_GONE);
  return { graph, node, definition, poll, flow: { id: flowId, name: flowName }, env };
}

/** What is new, with nothing in it that a credential supplied. */
async function ask(
  { node, definition, poll }: Place,
  given: { parameters: JsonObject; cursor: Json | null; timezone: string; now: Date },
  { organizationId, flowId, triggerId }: ClaimedPoll,
  services: PollServices,
  stopping: AbortSignal,
): Promise<Found> {
  const credentials = createExecutionCredentials({ organizationId, flowId }, services.http);
  const user = { name: node.name, credentials: node.credentials, slots: credentialSlots(definition, node.parameters) };
  const tooLong = AbortSignal.timeout(LONGEST_POLL_MS);
  const signal = AbortSignal.any([tooLong, stopping]);
  const context: PollContext = {
    ...given,
    test: false,
    node: { id: node.id, name: node.name, type: node.type },
    http: credentials.clientFor(user),
    credential: (slot) => credentials.fields(user, slot),
    checkHost: services.checkHost,
    connect: (target) => services.connect({ signal, ...target }),
    action: actionsOf(organizationId),
    writeBinary: (bytes, info) => writeBinary(sql(), { organizationId, executionId: null }, credentials.redact(bytes), info),
    log: (level, message, data) =>
      logger[level]({ triggerId, flowId, ...(data && { data: credentials.redact(data) }) }, credentials.redact(message)),
    signal,
  };
  try {
    const { events, cursor } = await orAborted(poll(context), signal);
    return checkFound({ events: credentials.redact(events), cursor });
  } catch (thrown) {
    if (tooLong.aborted) throw new Error(`The poll took longer than ${LONGEST_POLL_MS / 1000} seconds`);
    throw credentials.redact(thrown);
  }
}

/** A poll that does not listen to its signal is not waited for. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
