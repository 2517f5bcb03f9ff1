import { beforeAll, beforeEach } from "vitest";
import type { JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { setEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { createFlow } from "@/server/services/flows/create";
import { createMember } from "@/server/testing/factories";
import { withOutsideServer } from "@/server/testing/outside-server";
import { type RecordingEngine, recordingEngine } from "@/server/testing/recording-engine";
import { lineOf } from "@/server/testing/with-running-engine";
import { type ClaimedPoll, claimPolls } from "../claim";
import { pollDue } from "../loop";
import { pollTrigger } from "../poll-trigger";
import { pollServices } from "../services";

/** Entries of a list, by their ids. */
export const ids = (...names: (string | number)[]): JsonObject[] => names.map((id) => ({ id }));

/** Makes every trigger due, whatever its rules say. */
export const due = () => db().pollState.updateMany({ data: { nextAt: new Date(0) } });

export async function pollAll(): Promise<number> {
  await due();
  return pollDue();
}

export const stateOf = (triggerId: string) => db().pollState.findUniqueOrThrow({ where: { triggerId } });

/** Claims the one trigger that there is, as a process does that is about to poll it. */
export async function claimOne(): Promise<ClaimedPoll> {
  await due();
  const [claim] = await claimPolls(new Date(), 10);
  if (!claim) throw new Error("no claim");
  return claim;
}

/** Polls and records, and starts nothing yet. */
export const poll = (claim: ClaimedPoll) => pollTrigger(claim, pollServices(), () => new Date(), new AbortController().signal);

/** Flows that watch the lists of a service, and an engine that notes what they start. Call it after `withTestDatabase`. */
export function withWatchedLists() {
  /** What the service lists, the newest first, by path; a number is a status. */
  const lists: Record<string, JsonObject[] | number> = {};
  /** Paths that it was asked for. */
  const requests: string[] = [];
  let held: Promise<void> | null = null;
  let ctx: ServiceContext;
  let engine: RecordingEngine;
  const service = withOutsideServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", service.url);
    requests.push(pathname);
    await held;
    const list = lists[pathname] ?? 404;
    if (typeof list === "number") response.writeHead(list).end("no");
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ items: list }));
  });
  beforeAll(async () => {
    process.env.NEXTAUTH_URL ??= "http://localhost:3000";
    ({ context: ctx } = await createMember({ role: "editor" }));
  });
  beforeEach(async () => {
    await db().flow.deleteMany();
    engine = recordingEngine();
    setEngine(engine);
    for (const path of Object.keys(lists)) delete lists[path];
    requests.length = 0;
    held = null;
  });
  const urlOf = (path: string) => new URL(path, service.url).href;
  const graphOf = (parameters: JsonObject = {}) =>
    lineOf({ Watch: { type: "poll-http", parameters: { url: urlOf("/orders"), listPath: "items", ...parameters } } });
  const watch = async (parameters: JsonObject = {}, context = ctx): Promise<{ flowId: string; triggerId: string }> => {
    const { id: flowId, triggers } = await createFlow({ ctx: context, input: { graph: graphOf(parameters), publish: true } });
    return { flowId, triggerId: triggers[0]?.id ?? "" };
  };
  return {
    lists,
    requests,
    urlOf,
    graphOf,
    /** Publishes a flow that watches `/orders`. */
    watch,
    /** The same, once it has seen what is there at first. */
    async watchFrom(list: JsonObject[], parameters: JsonObject = {}) {
      lists["/orders"] = list;
      const watching = await watch(parameters);
      await pollDue();
      return watching;
    },
    /** Ids of what each execution was started with. */
    startedIds: () => engine.started.map(({ items }) => items.map(({ json }) => json.id)),
    /** The service answers nothing until the function that this gives is called. */
    hold(): () => void {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    get ctx() {
      return ctx;
    },
    get engine() {
      return engine;
    },
  };
}
