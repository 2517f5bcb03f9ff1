import { FatalError } from "../execution/errors";
import type { Item, Json, JsonObject } from "../item";
import type { NodeContext, NodeExecutor } from "./context";

/** Everything through which a poll may touch the world. Services mean what they mean in `NodeContext`. */
export interface PollContext<P = JsonObject>
  extends Pick<NodeContext<P>, "http" | "credential" | "checkHost" | "connect" | "action" | "writeBinary" | "log"> {
  readonly node: { id: string; name: string; type: string };
  /** With expressions resolved, and checked. There is no item yet: expressions know variables, the time and the environment. */
  readonly parameters: P;
  /**
   * What the poll before this one returned. Null at the first poll after the trigger was switched on or what it watches was changed:
   * what is there then counts as seen, so the poll returns no events, and a cursor from which the next one goes on.
   * Null in a test, too.
   */
  readonly cursor: Json | null;
  /** Somebody wants to see an example: return the newest event or events. The cursor that is returned counts for nothing. */
  readonly test: boolean;
  readonly now: Date;
  /** Zone of the flow. */
  readonly timezone: string;
  /** Aborts when the poll takes too long or the process stops. */
  readonly signal: AbortSignal;
}

/** Something new. */
export interface PollEvent {
  /**
   * The provider's own name of it, with its version where a change is an event of its own. Starts at most one execution of the
   * trigger however often it is returned, so polls may overlap. At most 500 characters.
   */
  id: string;
  item: Item;
}

export interface PollResult {
  /** Oldest first; at most 10,000. */
  events: readonly PollEvent[];
  /** Where the next poll goes on, at most 1 MiB as JSON. It is kept in the same transaction as the events. */
  cursor: Json;
}

/**
 * Asks a service what is new since the last time: it reads and changes nothing there. A poll that throws changes nothing either
 * and is made again later with the same cursor; a `FatalError` is shown as one that somebody has to see to.
 */
export type NodePoll<P = JsonObject> = (context: PollContext<P>) => Promise<PollResult>;

/** Events of a test that a flow is run with: the newest. */
const TEST_EVENTS = 1;

/**
 * What a polling trigger does as a node: passes on the items that the poll started the execution with. Run by hand without any, it polls
 * and gives the newest event, and the trigger's own cursor stays where it is.
 * @throws FatalError when there is nothing to show
 */
export const executePoll =
  <P>(poll: NodePoll<P>): NodeExecutor<P> =>
  async (context) => {
    const { items, execution } = context;
    const isGiven = items.some(({ json, binary }) => Object.keys(json).length > 0 || binary !== undefined);
    if (isGiven || execution.mode === "poll") return [[...items]];
    const { now, timezone } = await context.scopeData([]);
    const { http, credential, checkHost, connect, action, writeBinary, log, signal, node } = context;
    const { events } = await poll({
      http,
      credential,
      checkHost,
      connect,
      action,
      writeBinary,
      log,
      signal,
      node: { id: node.id, name: node.name, type: node.type },
      parameters: context.parameters(0),
      cursor: null,
      test: true,
      now: new Date(now),
      timezone,
    });
    if (events.length === 0) throw new FatalError("There is nothing to show yet: the trigger found no event");
    return [events.slice(-TEST_EVENTS).map(({ item }) => item)];
  };
