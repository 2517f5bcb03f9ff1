import type { TRPCClient } from "@trpc/client";
import Ably from "ably";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type AblyServer, startAblyServer } from "@/e2e/support/ably-server/server";
import type { ExecutionHead, ExecutionSnapshot, LiveEvent, StepRecord } from "@/flow/execution/events";
import { viewOf } from "@/flow/execution/reduce";
import { mintAblyToken } from "@/server/realtime/ably-token";
import type { AppRouter } from "@/server/trpc/router";
import { type FeedState, followExecution } from "./execution-feed";
import { createLiveTransport } from "./live-transport";

const API_KEY = "app.key:secret";
const CHANNEL = "flows.org_1.exec_1";

/** An execution in a database, whose events also leave through Ably. */
class Journal {
  readonly steps: StepRecord[] = [];
  head: ExecutionHead = {
    id: "exec_1",
    flowId: "flow",
    flowVersion: null,
    mode: "manual",
    status: "running",
    seq: 0,
    error: null,
    queuedAt: "2026-01-01T00:00:00.000Z",
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: null,
  };

  after = (seq: number): ExecutionSnapshot => ({ execution: this.head, steps: this.steps.filter((step) => step.seq > seq) });

  step(): LiveEvent {
    const seq = this.steps.length + 1;
    const step: StepRecord = {
      seq,
      key: `n${seq}#0`,
      nodeId: `n${seq}`,
      runIndex: 0,
      attempt: 1,
      status: "succeeded",
      counts: [seq],
      error: null,
      startedAt: "2026-01-01T00:00:00.000Z",
      finishedAt: "2026-01-01T00:00:01.000Z",
      wakeAt: null,
    };
    this.steps.push(step);
    this.head = { ...this.head, seq };
    return { type: "step", seq, step };
  }

  end(): LiveEvent {
    this.head = { ...this.head, status: "succeeded", seq: this.steps.length + 1, finishedAt: "2026-01-01T00:00:09.000Z" };
    return { type: "execution", seq: this.head.seq, execution: this.head };
  }
}

// Loaded after the websocket is there: it looks for one once.
let listenAtAbly: typeof import("./ably-transport").listenAtAbly;
let ably: AblyServer;
let rest: Ably.Rest;
let journal: Journal;
let asked: number[];
let grants: number;
let mayListen: boolean;
let state: FeedState;
let stop: () => void;
/** When the tokens that are granted were issued, in milliseconds ago. */
let age: number;
/** What the page is told to listen to; its token is for the execution's. */
let channel: string;
/** Whether server-sent events were asked for. */
let overSse: boolean;

beforeEach(async () => {
  // What a browser has.
  vi.stubGlobal("WebSocket", WebSocket);
  ({ listenAtAbly } = await import("./ably-transport"));
  ably = await startAblyServer({ apiKey: API_KEY });
  rest = new Ably.Rest({ key: API_KEY, endpoint: "localhost", port: ably.port, tls: false, useBinaryProtocol: false, logLevel: 0 });
  journal = new Journal();
  asked = [];
  grants = 0;
  age = 0;
  mayListen = true;
  channel = CHANNEL;
  overSse = false;
  state = { view: null, connection: "connecting", error: null };
});
afterEach(async () => {
  stop();
  await ably.close();
  vi.unstubAllGlobals();
});

const publish = (...events: LiveEvent[]) => rest.channels.get(CHANNEL).publish("events", JSON.stringify(events));

function follow(): void {
  const client = {
    executions: {
      live: {
        subscribe: (_: object, { onStarted }: { onStarted: () => void }) => {
          overSse = true;
          onStarted();
          return { unsubscribe: () => undefined };
        },
      },
    },
    live: {
      token: {
        query: async () => {
          grants += 1;
          if (!mayListen) throw new Error("Your access to this organization has ended.");
          const issued = Date.now() - age;
          const { token, expiresAt } = mintAblyToken({ apiKey: API_KEY, channel: CHANNEL, revocationKey: "org_1:user:u", now: issued });
          const endpoint = { host: "localhost", port: ably.port, tls: false };
          return { transport: "ably", channel, token, expiresAt: new Date(expiresAt).toISOString(), endpoint };
        },
      },
    },
  } as unknown as TRPCClient<AppRouter>;
  stop = followExecution({
    executionId: "exec_1",
    transport: createLiveTransport(client),
    snapshot: async () => journal.after(0),
    after: async (seq) => {
      asked.push(seq);
      return journal.after(seq);
    },
    onChange: (next) => {
      state = next;
    },
  });
}
const isLive = () => vi.waitFor(() => expect(state.connection).toBe("live"), 8000);
const shows = (seq: number) => vi.waitFor(() => expect(state.view?.seq).toBe(seq), 8000);
const matchesDatabase = () => {
  const { execution, ...fold } = viewOf(journal.after(0));
  expect(state.view).toMatchObject({ ...fold, execution: { status: execution.status, finishedAt: execution.finishedAt } });
};

describe("the live view over Ably", { timeout: 25_000 }, () => {
  it("shows what arrives, without asking the server for it", async () => {
    follow();
    await isLive();
    await vi.waitFor(() => expect(asked).toEqual([0]));
    await publish(journal.step(), journal.step());
    await publish(journal.step());
    await shows(3);
    await publish(journal.end());
    await vi.waitFor(() => expect(state.connection).toBe("ended"));
    expect(asked).toEqual([0]);
    matchesDatabase();
    await vi.waitFor(() => expect(ably.connectionCount()).toBe(0));
  });

  it("fetches what was lost, and ignores what comes twice", async () => {
    follow();
    await isLive();
    ably.loseMessages(1);
    await publish(journal.step());
    ably.duplicateMessages(1);
    await publish(journal.step());
    await shows(2);
    matchesDatabase();
  });

  it("polls while Ably is away and is live again when it is back", async () => {
    follow();
    await isLive();
    ably.refuse(true);
    await vi.waitFor(() => expect(state.connection).toBe("polling"), 5000);
    journal.step();
    await shows(1);
    ably.refuse(false);
    await isLive();
    await publish(journal.step());
    await shows(2);
    matchesDatabase();
  });

  it("sees the end of an execution while Ably was never there", async () => {
    ably.refuse(true);
    follow();
    journal.step();
    journal.end();
    await vi.waitFor(() => expect(state.connection).toBe("ended"), 8000);
    matchesDatabase();
  });

  it("asks for what happened meanwhile when Ably could not keep its place", async () => {
    follow();
    await isLive();
    journal.step();
    ably.dropConnections({ forget: true });
    await shows(1);
    await isLive();
    matchesDatabase();
  });

  it("asks for what happened meanwhile when Ably says that it lost something", async () => {
    follow();
    await isLive();
    await vi.waitFor(() => expect(asked).toEqual([0]));
    journal.step();
    ably.breakContinuity();
    // Sooner than a connection that stays silent is asked after.
    await vi.waitFor(() => expect(state.view?.seq).toBe(1), 5000);
    expect(ably.connectedTimes()).toBe(1);
  });

  it("asks for the next token before this one ends, and stays connected", async () => {
    // A second is left until Ably asks for the next one.
    age = 89_000;
    follow();
    await isLive();
    age = 0;
    await vi.waitFor(() => expect(grants).toBe(2), 5000);
    expect(state.connection).toBe("live");
    expect(ably.connectedTimes()).toBe(1);
  });

  it("shows nothing new once its right has ended, and goes on when it is back", async () => {
    follow();
    await isLive();
    mayListen = false;
    await rest.auth.revokeTokens([{ type: "revocationKey", value: "org_1:user:u" }]);
    await vi.waitFor(() => expect(state.connection).toBe("polling"), 5000);
    await vi.waitFor(() => expect(ably.subscriberCount(CHANNEL)).toBe(0));
    mayListen = true;
    await isLive();
    expect(overSse).toBe(false);
  });

  it("goes over to server-sent events when Ably refuses for good", async () => {
    channel = "flows.org_2.exec_1";
    follow();
    await isLive();
    expect(overSse).toBe(true);
    expect(ably.connectionCount()).toBe(0);
  });

  it("gives up where no websocket passes", async () => {
    ably.refuse(true);
    const onFailed = vi.fn();
    const handlers = { onOpen: vi.fn(), onEvent: vi.fn(), onDown: vi.fn() };
    const endpoint = { host: "localhost", port: ably.port, tls: false };
    const { token } = mintAblyToken({ apiKey: API_KEY, channel: CHANNEL, revocationKey: "org_1:user:u", now: Date.now() });
    stop = listenAtAbly({ grant: { channel, token, endpoint }, renew: async () => token, handlers, onFailed, giveUpMs: 200 });
    await vi.waitFor(() => expect(onFailed).toHaveBeenCalledOnce());
    expect(handlers.onOpen).not.toHaveBeenCalled();
    expect(handlers.onDown).toHaveBeenCalledOnce();
  });

  it("ends in the state of the database whatever was cut, lost and repeated", async () => {
    follow();
    await isLive();
    for (let round = 0; round < 12; round++) {
      if (round % 4 === 1) ably.loseMessages(1);
      if (round % 4 === 2) ably.duplicateMessages(1);
      if (round % 5 === 3) ably.dropConnections({ forget: round % 2 === 0 });
      await publish(journal.step(), journal.step());
    }
    ably.loseMessages(1);
    await publish(journal.end());
    await vi.waitFor(() => expect(state.connection).toBe("ended"), 15_000);
    matchesDatabase();
  });
});
