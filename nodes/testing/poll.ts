import type { Json, JsonObject } from "@/flow/item";
import type { HttpRequest, HttpResponse } from "@/flow/node/context";
import { parseParameters } from "@/flow/node/parameters";
import type { PollContext, PollResult } from "@/flow/node/poll";
import { definitionOf } from "../catalog";
import { loadPoll } from "../registry";

export interface TestPoll extends Partial<Omit<PollContext, "http" | "parameters" | "cursor">> {
  parameters?: JsonObject;
  /** What the poll before returned; null by default. */
  cursor?: Json | null;
  http?: (request: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>;
}

const refuse = (what: string) => () => Promise.reject(new Error(`This test gives the trigger no ${what}`));

/** Polls once, outside of any flow, as the engine would: the cursor comes back as JSON. */
export async function pollForTest(type: string, { parameters = {}, cursor = null, http, ...given }: TestPoll = {}): Promise<PollResult> {
  const definition = definitionOf(type);
  const poll = await loadPoll(type);
  if (!definition || !poll) throw new Error(`"${type}" is no polling trigger`);
  const result = await poll({
    node: { id: "n1", name: "Node", type },
    parameters: parseParameters(definition, parameters) as JsonObject,
    cursor,
    test: false,
    now: new Date(),
    timezone: "UTC",
    http: {
      request: async (request) => ({
        status: 200,
        statusText: "OK",
        headers: { "content-type": "application/json" },
        body: new Uint8Array(),
        url: request.url,
        ...(http ? await http(request) : await refuse("network")()),
      }),
    },
    credential: async () => null,
    checkHost: refuse("network"),
    connect: refuse("network"),
    action: refuse("action"),
    writeBinary: async (bytes, info) => ({ ...info, fileSize: bytes.length, data: Buffer.from(bytes).toString("base64") }),
    log: () => {},
    signal: new AbortController().signal,
    ...given,
  });
  return { ...result, cursor: JSON.parse(JSON.stringify(result.cursor)) as Json };
}
