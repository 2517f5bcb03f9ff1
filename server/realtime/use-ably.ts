import type { Environment } from "../env";
import { logger } from "../logger";
import { setLiveTransport } from "../services/live/transport";
import { AblyPublisher, createRest } from "./ably-publisher";
import { channelName, mintAblyToken } from "./ably-token";
import { liveBus } from "./bus";
import { type Listener, Listeners } from "./listeners";

/**
 * Sends live events through Ably from now on, when it is configured; otherwise server-sent events stay in place.
 * @returns Stops publishing.
 */
export function useAbly(settings: Environment): () => Promise<void> {
  const { ABLY_API_KEY: apiKey, ABLY_ENDPOINT: endpoint, ABLY_PORT: port, ABLY_TLS: tls } = settings;
  if (apiKey === undefined) return async () => {};
  const rest = createRest({ apiKey, endpoint, port, tls });
  const publisher = new AblyPublisher(rest, liveBus, logger);

  const shutOut = ({ executionId, revocationKey, expiresAt }: Listener): void => {
    // Certain and at once, whatever Ably answers. Others who watch notice what they miss and fetch it.
    publisher.mute(executionId, expiresAt);
    // Events of other processes come to an end with the token: now if the key's tokens can be revoked, else by themselves.
    rest.auth.revokeTokens([{ type: "revocationKey", value: revocationKey }]).catch((cause: unknown) => {
      logger.warn({ err: cause, executionId }, "Ably did not revoke a live token (its key can be set to allow that); it ends by itself");
    });
  };
  const listeners = new Listeners(shutOut);

  setLiveTransport({
    async grant({ organizationId, executionId, actor, mayStay }) {
      publisher.watch(executionId);
      const channel = channelName(organizationId, executionId);
      const revocationKey = `${organizationId}:${actor}`;
      const { token, expiresAt } = mintAblyToken({ apiKey, channel, revocationKey, now: Date.now() });
      listeners.add({ executionId, revocationKey, expiresAt, mayStay });
      return { transport: "ably", channel, token, expiresAt: new Date(expiresAt).toISOString(), endpoint: { host: endpoint, port, tls } };
    },
  });
  return async () => {
    listeners.stop();
    await publisher.stop();
  };
}
