import type { Environment } from "../env";
import { logger } from "../logger";
import { setLiveTransport } from "../services/live/transport";
import { AblyPublisher } from "./ably-publisher";
import { channelName, mintAblyToken } from "./ably-token";
import { liveBus } from "./bus";

/**
 * Sends live events through Ably from now on, when it is configured; otherwise server-sent events stay in place.
 * @returns Stops publishing.
 */
export function useAbly(settings: Environment): () => Promise<void> {
  const { ABLY_API_KEY: apiKey, ABLY_ENDPOINT: endpoint, ABLY_PORT: port, ABLY_TLS: tls } = settings;
  if (apiKey === undefined) return async () => {};
  const publisher = new AblyPublisher({ apiKey, endpoint, port, tls }, liveBus, logger);
  setLiveTransport({
    async grant({ organizationId, executionId }) {
      publisher.watch(executionId);
      const channel = channelName(organizationId, executionId);
      const { token, expiresAt } = mintAblyToken(apiKey, channel, Date.now());
      return { transport: "ably", channel, token, expiresAt: new Date(expiresAt).toISOString(), endpoint: { host: endpoint, port, tls } };
    },
  });
  return () => publisher.stop();
}
