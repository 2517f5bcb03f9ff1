import { AsyncLocalStorage } from "node:async_hooks";
import { Middleware } from "inngest";
import { logger } from "@/server/logger";

type Callback = () => Promise<void>;

const current = new AsyncLocalStorage<Callback[]>();

/** Has a function called once the request that is being served has its answer, and before that answer leaves. */
export function afterResponse(callback: Callback): void {
  current.getStore()?.push(callback);
}

/** Makes `afterResponse` work: a function's body never hears that a call of it is over, since most calls give it up half-way. */
export class AfterResponseMiddleware extends Middleware.BaseMiddleware {
  readonly id = "after-response";

  override async wrapRequest({ next }: Middleware.WrapRequestArgs): Promise<Middleware.Response> {
    const callbacks: Callback[] = [];
    const response = await current.run(callbacks, next);
    for (const callback of callbacks) {
      await callback().catch((error: unknown) => logger.warn({ err: error }, "what follows an answer to Inngest failed"));
    }
    return response;
  }
}
