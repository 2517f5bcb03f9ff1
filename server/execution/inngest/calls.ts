import { isStopping } from "@/server/stopping";

interface Holder {
  refusing: boolean;
  underWay: Set<Promise<unknown>>;
}

// The framework bundles the endpoint and the start-up apart: a module variable would be one for each.
const holder = globalThis as unknown as { tolstoyInngestCalls?: Holder };
holder.tolstoyInngestCalls ??= { refusing: false, underWay: new Set() };
const calls: Holder = holder.tolstoyInngestCalls;

/** The engine of this process runs: calls of Inngest's are answered. */
export function takeCalls(): void {
  calls.refusing = false;
}

/** The engine stops: calls that come now are another process's, and those under way begin no further step. */
export function refuseCalls(): void {
  calls.refusing = true;
}

export const refusesCalls = (): boolean => calls.refusing || isStopping();

/** Answers a call, which a process that stops waits for. */
export async function answerCall<T>(answer: () => Promise<T>): Promise<T> {
  const call = answer();
  calls.underWay.add(call);
  try {
    return await call;
  } finally {
    calls.underWay.delete(call);
  }
}

/** Resolves once every call is answered, or the time is over. */
export async function callsAnswered(withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([Promise.allSettled(calls.underWay), patience]);
  clearTimeout(timer);
}
