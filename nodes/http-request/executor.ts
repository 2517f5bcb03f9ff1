import { setTimeout as sleep } from "node:timers/promises";
import { isCancelled, isRetriable, toStepError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { HttpRequest, HttpResponse, NodeContext, NodeExecutor } from "@/flow/node/context";
import { httpFailure } from "../http-failure";
import { buildRequest, type Parameters } from "./build-request";
import { fetchPages } from "./paginate";
import { readResponse } from "./read-response";

export const execute: NodeExecutor<Parameters> = async (context) => {
  const made: Item[][] = [];
  const { batchSize, batchIntervalMs } = context.items.length > 0 ? context.parameters(0) : { batchSize: 1, batchIntervalMs: 0 };
  for (let start = 0; start < context.items.length; start += batchSize) {
    if (start > 0 && batchIntervalMs > 0) await sleep(batchIntervalMs, undefined, { signal: context.signal });
    const batch = context.items.slice(start, start + batchSize);
    // All are awaited before a failure is told: no request of this attempt is under way when the next attempt starts.
    const results = await Promise.allSettled(batch.map((_, offset) => call(context, start + offset)));
    for (const result of results) {
      if (result.status === "rejected") throw result.reason;
      made.push(result.value);
    }
  }
  return [made.flat()];
};

async function call(context: NodeContext<Parameters>, itemIndex: number): Promise<Item[]> {
  try {
    const parameters = context.parameters(itemIndex);
    const send = async (request: HttpRequest, isExpected = (_: number) => false): Promise<HttpResponse> => {
      const response = await context.http.request(request, context.signal);
      if (response.status >= 400 && !parameters.neverError && !isExpected(response.status)) throw httpFailure(response, request);
      return response;
    };
    if (parameters.pagination !== "off") return await fetchPages(context, parameters, itemIndex, send);
    const response = await send(await buildRequest(context, itemIndex));
    return await readResponse(context, parameters, response, itemIndex);
  } catch (thrown) {
    if (!context.continueOnFail || isCancelled(thrown)) throw thrown;
    const error = toStepError(thrown);
    // While there are attempts left the node has not failed: it is tried again before it goes on.
    if (context.lastAttempt === false && isRetriable(error)) throw thrown;
    return [{ json: { error: error.message }, error, pairedItem: { item: itemIndex } }];
  }
}
