import type { TRPCClient } from "@trpc/client";
import { describe, expect, it, vi } from "vitest";
import type { AppRouter } from "@/server/trpc/router";
import { eventsOf } from "./ably-transport";
import { createLiveTransport } from "./live-transport";

const handlers = { onOpen: vi.fn(), onEvent: vi.fn(), onDown: vi.fn() };
const hint = { type: "hint", key: "a#0", nodeId: "a", runIndex: 0, attempt: 1, startedAt: "2026-01-01T00:00:00.000Z" };

/** A client whose server answers the question for a carrier as it is told. */
function clientWith(token: () => Promise<unknown>) {
  const unsubscribe = vi.fn();
  const subscribe = vi.fn((_input: unknown, _handlers: unknown) => ({ unsubscribe }));
  const client = { live: { token: { query: token } }, executions: { live: { subscribe } } } as unknown as TRPCClient<AppRouter>;
  return { client, subscribe, unsubscribe };
}

describe("the carrier of live events", () => {
  it("is server-sent events where the server says so, and where it does not answer", async () => {
    for (const token of [() => Promise.resolve({ transport: "sse" }), () => Promise.reject(new Error("away"))]) {
      const { client, subscribe, unsubscribe } = clientWith(token);
      const leave = createLiveTransport(client).subscribe("exec_1", handlers);
      await vi.waitFor(() => expect(subscribe).toHaveBeenCalledOnce());
      expect(subscribe.mock.calls[0]?.[0]).toEqual({ id: "exec_1" });
      leave();
      expect(unsubscribe).toHaveBeenCalledOnce();
    }
  });

  it("opens nothing for a page that has left before the answer", async () => {
    let answer: (grant: unknown) => void = () => undefined;
    const { client, subscribe } = clientWith(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    createLiveTransport(client).subscribe("exec_1", handlers)();
    answer({ transport: "sse" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(subscribe).not.toHaveBeenCalled();
  });

  it("takes the events of a message and leaves what is malformed", () => {
    expect(eventsOf(JSON.stringify([hint]))).toEqual([hint]);
    expect(eventsOf("nonsense")).toEqual([]);
    expect(eventsOf(JSON.stringify([{ type: "hint" }]))).toEqual([]);
    expect(eventsOf({ already: "parsed" })).toEqual([]);
  });
});
