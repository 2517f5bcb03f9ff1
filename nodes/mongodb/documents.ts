import { createHash } from "node:crypto";
import { BSONValue, type Document, EJSON, ObjectId } from "bson";
import { ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import { parseJson } from "../json-parameter";

/** A parameter as a document, with the types that extended JSON names. @throws ParameterError for anything else */
export function documentOf(value: unknown, field: string, index: number): Document {
  const parsed = parsedOf(value, field, index);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ParameterError(field, 'must be a JSON object, like { "status": "open" }', index);
  }
  return parsed as Document;
}

export function listOf(value: unknown, field: string, index: number): Document[] {
  const parsed = parsedOf(value, field, index);
  if (!Array.isArray(parsed)) throw new ParameterError(field, 'must be a JSON list, like [{ "$match": {} }]', index);
  return parsed as Document[];
}

function parsedOf(value: unknown, field: string, index: number): unknown {
  const json = value === undefined || value === "" ? {} : parseJson(value, field, index);
  try {
    return EJSON.deserialize(json as Document, { relaxed: true });
  } catch (error) {
    throw new ParameterError(field, `has a value that is not as its type wants it: ${(error as Error).message}`, index);
  }
}

const isHex = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{24}$/i.test(value);

/** With an `_id` of 24 hex digits as the ObjectId that it almost always is. */
export function withObjectId(query: Document): Document {
  const id: unknown = query._id;
  if (isHex(id)) return { ...query, _id: new ObjectId(id) };
  const list = (id as { $in?: unknown } | null | undefined)?.$in;
  if (!Array.isArray(list)) return query;
  return { ...query, _id: { ...(id as Document), $in: list.map((each) => (isHex(each) ? new ObjectId(each) : each)) } };
}

/** The same in every attempt of a visit, so that a document is there once that was inserted twice. */
export const idFrom = (key: string): ObjectId => new ObjectId(createHash("sha256").update(key).digest("hex").slice(0, 24));

/** Update operators as they are; bare fields are set. */
export function updateOf(update: Document): Document {
  const names = Object.keys(update);
  return names.every((name) => name.startsWith("$")) ? update : { $set: update };
}

/** A document as JSON: ids as hex, dates as ISO 8601, bytes as base64, numbers beyond JSON's as text. */
export const jsonOf = (document: Document): JsonObject => toJson(document) as JsonObject;

function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return value as Json;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof BSONValue) return bsonToJson(value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(entry)]));
}

function bsonToJson(value: BSONValue): Json {
  if (value._bsontype === "Long") {
    const text = String(value);
    return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  }
  if (value._bsontype === "Binary") return Buffer.from((value as unknown as { buffer: Uint8Array }).buffer).toString("base64");
  if (["ObjectId", "Decimal128", "BSONSymbol"].includes(value._bsontype)) return String(value);
  return EJSON.serialize(value as unknown as Document, { relaxed: true }) as Json;
}
