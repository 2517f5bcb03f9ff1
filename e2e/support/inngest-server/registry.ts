import { randomUUID } from "node:crypto";
import { compileCondition, compileKey, type Scope } from "./expressions";
import type { FunctionConfig, InngestEvent } from "./protocol";

/** A registered function, its expressions compiled. */
export interface ServedFunction {
  id: string;
  app: string;
  uuid: string;
  url: string;
  /** First try included. */
  maxAttempts: number;
  triggers: { event?: string; cron?: string; matches(scope: Scope): boolean }[];
  cancelOn: { event: string; matches(scope: Scope): boolean }[];
  limits: { limit: number; scope: string; key(scope: Scope): string }[];
  idempotency: ((scope: Scope) => string) | null;
  singleton: { mode: "skip" | "cancel"; key(scope: Scope): string } | null;
}

const always = () => true;
const DEFAULT_RETRIES = 3;

function compile(config: FunctionConfig, app: string): ServedFunction {
  const { concurrency } = config;
  const limits = concurrency === undefined || concurrency === null ? [] : Array.isArray(concurrency) ? concurrency : [concurrency];
  return {
    id: config.id,
    app,
    uuid: randomUUID(),
    url: config.steps.step.runtime.url,
    maxAttempts: (config.steps.step.retries?.attempts ?? DEFAULT_RETRIES) + 1,
    triggers: config.triggers.map((trigger) => ({
      event: trigger.event,
      cron: trigger.cron,
      matches: trigger.expression ? compileCondition(trigger.expression) : always,
    })),
    cancelOn: (config.cancel ?? []).map((cancel) => ({ event: cancel.event, matches: cancel.if ? compileCondition(cancel.if) : always })),
    limits: limits
      .map((limit) => (typeof limit === "number" ? { limit } : limit))
      .filter(({ limit }) => limit > 0)
      .map(({ limit, scope, key }: { limit: number; scope?: string; key?: string }) => ({
        limit,
        scope: scope ?? "fn",
        key: compileKey(key),
      })),
    idempotency: config.idempotency ? compileKey(config.idempotency) : null,
    singleton: config.singleton ? { mode: config.singleton.mode ?? "skip", key: compileKey(config.singleton.key) } : null,
  };
}

/** The functions of all apps that registered. */
export class Registry {
  private readonly functions = new Map<string, ServedFunction>();

  /** Replaces the functions of an app. @throws for an expression that the stand-in does not know. */
  register(app: string, configs: FunctionConfig[]): void {
    const compiled = configs.map((config) => compile(config, app));
    for (const [id, known] of this.functions) if (known.app === app) this.functions.delete(id);
    for (const served of compiled) this.functions.set(served.id, served);
  }

  all(): ServedFunction[] {
    return [...this.functions.values()];
  }

  find(id: string): ServedFunction | undefined {
    return this.functions.get(id);
  }

  triggeredBy(event: InngestEvent): ServedFunction[] {
    return this.all().filter((served) => served.triggers.some((trigger) => trigger.event === event.name && trigger.matches({ event })));
  }

  /** Whether `name` is the function's id, with or without the app's prefix. */
  static named(served: ServedFunction, name: string): boolean {
    return served.id === name || served.id === `${served.app}-${name}`;
  }
}
