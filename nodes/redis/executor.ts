import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject } from "@/flow/item";
import type { NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { parseJson } from "../json-parameter";
import { connectRedis, type RedisConnection } from "./client";
import type { redis } from "./definition";
import type { Reply } from "./resp";

type Parameters = z.infer<typeof redis.parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  const fields = await context.credential("redis");
  if (!fields) throw new FatalError(`Choose a credential for Redis in the node "${context.node.name}"`);
  const connection = await connectRedis(fields, context);
  try {
    return await mapItems(context, (item, index) => operate(connection, context.parameters(index), item, index));
  } finally {
    connection.close();
  }
};

async function operate(connection: RedisConnection, parameters: Parameters, item: Item, index: number): Promise<Item> {
  const { operation, outputField } = parameters;
  const named = (field: "key" | "list" | "channel"): string => {
    if (parameters[field] === "") throw new ParameterError(field, "is empty", index);
    return parameters[field];
  };
  switch (operation) {
    case "get":
      return { json: { [outputField]: await readValue(connection, named("key"), parameters.keyType) } };
    case "set":
      await setValue(connection, named("key"), parameters, index);
      return item;
    case "delete":
      await connection.send("DEL", named("key"));
      return item;
    case "increment":
      return { json: { [named("key")]: await increment(connection, parameters) } };
    case "keys":
      return { json: await findKeys(connection, parameters) };
    case "push":
      await connection.send(parameters.tail ? "RPUSH" : "LPUSH", named("list"), asText(parameters.message));
      return item;
    case "pop": {
      const popped = await connection.send(parameters.tail ? "RPOP" : "LPOP", named("list"));
      return { json: { [outputField]: typeof popped === "string" ? fromText(popped) : null } };
    }
    case "length":
      return { json: { [named("list")]: json(await connection.send("LLEN", named("list"))) } };
    case "publish":
      await connection.send("PUBLISH", named("channel"), asText(parameters.message));
      return item;
    case "info":
      return { json: readInfo(String(await connection.send("INFO"))) };
  }
}

const json = (reply: Reply): Json => (Array.isArray(reply) ? reply.map(json) : reply instanceof Error ? reply.message : reply);
const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? null));

/** What was pushed as JSON comes back as that. */
function fromText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const pairs = (list: Reply): JsonObject => {
  const entries = Array.isArray(list) ? list.map(json) : [];
  return Object.fromEntries(entries.flatMap((entry, at) => (at % 2 === 0 ? [[String(entry), entries[at + 1] ?? null]] : [])));
};

/** Null for a key that is not there. */
async function readValue(connection: RedisConnection, key: string, type: Parameters["keyType"]): Promise<Json> {
  const actual = type === "automatic" ? await connection.send("TYPE", key) : type;
  switch (actual) {
    case "none":
      return null;
    case "string":
      return json(await connection.send("GET", key));
    case "hash":
      return pairs(await connection.send("HGETALL", key));
    case "list":
      return json(await connection.send("LRANGE", key, 0, -1));
    case "set":
      return json(await connection.send("SMEMBERS", key));
    default:
      throw new FatalError(`The key "${key}" holds a ${String(actual)}, which this node does not read`);
  }
}

/** In one transaction, so that nobody sees a key half written or without its end. */
async function setValue(connection: RedisConnection, key: string, parameters: Parameters, index: number): Promise<void> {
  const { keyType, expireSeconds } = parameters;
  const isText = keyType === "string" || (keyType === "automatic" && (typeof parameters.value !== "object" || parameters.value === null));
  if (isText) {
    const value = parameters.value ?? "";
    await connection.send("SET", key, asText(value), ...(expireSeconds > 0 ? ["EX", expireSeconds] : []));
    return;
  }
  const value = parseJson(parameters.value, "value", index);
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null || (keyType !== "automatic" && isList !== (keyType !== "hash"))) {
    throw new ParameterError(
      "value",
      keyType === "hash" ? 'must be a JSON object, like { "name": "Ada" }' : "must be a JSON list, like [1, 2]",
      index,
    );
  }
  const parts = isList ? value.map(asText) : Object.entries(value).flatMap(([name, entry]) => [name, asText(entry)]);
  const command = isList ? (keyType === "set" ? "SADD" : "RPUSH") : "HSET";
  await connection.send("MULTI");
  await connection.send("DEL", key);
  if (parts.length > 0) await connection.send(command, key, ...parts);
  if (expireSeconds > 0) await connection.send("EXPIRE", key, expireSeconds);
  await connection.send("EXEC");
}

async function increment(connection: RedisConnection, { key, expireSeconds }: Parameters): Promise<Json> {
  const value = await connection.send("INCR", key);
  if (expireSeconds > 0) await connection.send("EXPIRE", key, expireSeconds);
  return json(value);
}

/** By SCAN: `KEYS` holds up everybody else on a server with many. */
async function findKeys(connection: RedisConnection, { pattern, withValues, maxKeys }: Parameters): Promise<JsonObject> {
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const [next, found] = (await connection.send("SCAN", cursor, "MATCH", pattern, "COUNT", 500)) as [string, string[]];
    for (const key of found) keys.add(key);
    if (keys.size > maxKeys) throw new FatalError(`More than ${maxKeys} keys match "${pattern}": narrow the pattern, or allow more`);
    cursor = String(next);
  } while (cursor !== "0");
  const names = [...keys].sort();
  if (!withValues) return { keys: names };
  const values: JsonObject = {};
  for (const name of names) values[name] = await readValue(connection, name, "automatic");
  return values;
}

/** `name:value` lines; those of a database have parts. */
function readInfo(text: string): JsonObject {
  const entries = text
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#") && line.includes(":"))
    .map((line): [string, Json] => {
      const at = line.indexOf(":");
      const value = line.slice(at + 1);
      const isNumber = /^-?\d+(\.\d+)?$/.test(value) && Number.isSafeInteger(Math.trunc(Number(value)));
      return [line.slice(0, at), isNumber ? Number(value) : value];
    });
  return Object.fromEntries(entries);
}
