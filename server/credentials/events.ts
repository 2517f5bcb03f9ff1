import { logger } from "../logger";

/** Something about a credential that somebody should hear of. */
export interface CredentialEvent {
  type: "reconnect_required";
  organizationId: string;
  credentialId: string;
  name: string;
  ownerId: string | null;
  reason: string;
}

type Listener = (event: CredentialEvent) => void | Promise<void>;

const holder = globalThis as unknown as { tolstoyCredentialListeners?: Set<Listener> };

const listeners = (): Set<Listener> => {
  holder.tolstoyCredentialListeners ??= new Set();
  return holder.tolstoyCredentialListeners;
};

/** Hears of every event in this process; each is told once, by the process that found out. Returns how to stop. */
export function onCredentialEvent(listener: Listener): () => void {
  listeners().add(listener);
  return () => void listeners().delete(listener);
}

export function announceCredentialEvent(event: CredentialEvent): void {
  logger.warn({ ...event }, "a credential has to be connected again");
  for (const listener of listeners()) {
    Promise.resolve()
      .then(() => listener(event))
      .catch((cause: unknown) => logger.error({ err: cause, credentialId: event.credentialId }, "a credential's event was not heard"));
  }
}
