/** How a browser listens to one execution. */
export type LiveGrant =
  /** Over `executions.live`. */
  | { transport: "sse" }
  /** Over Ably, with a token for this channel alone. */
  | {
      transport: "ably";
      channel: string;
      token: string;
      /** ISO 8601. */
      expiresAt: string;
      /** Where Ably is, when not at its own address. */
      endpoint: { host?: string | undefined; port?: number | undefined; tls: boolean };
    };

export interface LiveListener {
  organizationId: string;
  executionId: string;
  actor: string;
  /** Asked every few seconds while the grant lasts: whether the listener still may see this. */
  mayStay: () => Promise<boolean>;
}

export interface LiveTransport {
  grant(listener: LiveListener): Promise<LiveGrant>;
}

const serverSentEvents: LiveTransport = { grant: async () => ({ transport: "sse" }) };

// The framework bundles entry points apart: a module variable would be one transport per bundle.
const holder = globalThis as unknown as { tolstoyLiveTransport?: LiveTransport };

/** Server-sent events, unless the process was started with another transport. */
export const liveTransport = (): LiveTransport => holder.tolstoyLiveTransport ?? serverSentEvents;

/** Called once at the start of a process that is configured with another transport. */
export function setLiveTransport(transport: LiveTransport): void {
  holder.tolstoyLiveTransport = transport;
}
