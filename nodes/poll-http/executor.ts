import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Json } from "@/flow/item";
import { executePoll, type NodePoll } from "@/flow/node/poll";
import { decodeBody, httpFailure } from "../http-failure";
import { listAt, pollList } from "../list-entries";
import type { pollHttp } from "./definition";

type Parameters = z.infer<typeof pollHttp.parameters>;

export const poll: NodePoll<Parameters> = async ({ http, parameters, cursor, test, signal }) => {
  const request = {
    method: "GET",
    url: addressOf(parameters),
    headers: {
      accept: "application/json",
      ...Object.fromEntries(pairsOf(parameters.headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    timeoutMs: parameters.timeoutMs,
    ignoreTlsErrors: parameters.ignoreTlsErrors,
    ...(parameters.authentication === "credential" && { credential: "credential" }),
  };
  const response = await http.request(request, signal);
  if (response.status >= 400) throw httpFailure(response, request);
  const list = listAt(jsonOf(decodeBody(response.body, response.headers["content-type"] ?? "")), parameters.listPath);
  return pollList(list, parameters, { cursor, test });
};

export const execute = executePoll(poll);

const pairsOf = (pairs: Parameters["headers"]): [string, string][] =>
  pairs.flatMap(({ name, value }): [string, string][] => {
    if (name.trim() === "" || value === undefined || value === null) return [];
    return [[name.trim(), typeof value === "object" ? JSON.stringify(value) : String(value)]];
  });

function addressOf({ url: given, query }: Parameters): string {
  const text = given.trim();
  if (!URL.canParse(text))
    throw new ParameterError("url", text === "" ? "is empty: say what to ask" : `"${text.slice(0, 200)}" is not a valid URL`);
  const url = new URL(text);
  for (const [name, value] of pairsOf(query)) url.searchParams.append(name, value);
  return url.href;
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new FatalError(`The answer is not JSON; it begins with "${text.trim().slice(0, 80)}"`);
  }
}
