import type { Document, Long } from "bson";
import type { z } from "zod";
import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { connectMongo, MongoCommandError, type MongoConnection } from "./client";
import type { mongodb } from "./definition";
import { documentOf, idFrom, jsonOf, listOf, updateOf, withObjectId } from "./documents";

type Parameters = z.infer<typeof mongodb.parameters>;
type Context = NodeContext<Parameters>;

const DUPLICATE_KEY = 11_000;
const BATCH = 1000;
/** For the answer to come after the server gave up. */
const GRACE_MS = 5000;

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  const fields = await context.credential("mongodb");
  if (!fields) throw new FatalError(`Choose a credential for MongoDB in the node "${context.node.name}"`);
  const timeoutMs = context.parameters(0).timeoutSeconds * 1000 + GRACE_MS;
  const { connect, signal } = context;
  const connection = await connectMongo(fields, { connect, signal, timeoutMs });
  try {
    return await mapItems(context, (_, index) => operate(context, connection, context.parameters(index), index));
  } finally {
    connection.close();
  }
};

function operate(context: Context, connection: MongoConnection, parameters: Parameters, index: number): Promise<Item | Item[]> {
  const collection = parameters.collection.trim();
  if (collection === "") throw new ParameterError("collection", "is empty", index);
  const maxTimeMS = parameters.timeoutSeconds * 1000;
  switch (parameters.operation) {
    case "find": {
      const { limit, skip } = parameters;
      const [sort, projection] = [documentOf(parameters.sort, "sort", index), documentOf(parameters.projection, "projection", index)];
      const filter = withObjectId(documentOf(parameters.query, "query", index));
      return readAll(
        connection,
        collection,
        { find: collection, filter, sort, projection, limit, skip, batchSize: BATCH, maxTimeMS },
        parameters,
      );
    }
    case "aggregate": {
      const pipeline = listOf(parameters.pipeline, "pipeline", index);
      const writing = pipeline.find((stage) => "$out" in stage || "$merge" in stage);
      if (writing) throw new ParameterError("pipeline", "has a stage that writes ($out, $merge): this operation only reads", index);
      return readAll(connection, collection, { aggregate: collection, pipeline, cursor: { batchSize: BATCH }, maxTimeMS }, parameters);
    }
    case "insert":
      return insert(context, connection, collection, parameters, index);
    case "update":
      return update(connection, collection, parameters, index);
    case "findOneAndUpdate":
      return findOneAndUpdate(connection, collection, parameters, index);
    case "delete":
      return remove(connection, collection, parameters, index);
  }
}

async function readAll(connection: MongoConnection, collection: string, command: Document, { maxDocuments }: Parameters): Promise<Item[]> {
  const items: Item[] = [];
  let { cursor } = await connection.run(command);
  for (;;) {
    for (const document of (cursor.firstBatch ?? cursor.nextBatch) as Document[]) items.push({ json: jsonOf(document) });
    const id = cursor.id as Long | number;
    if (Number(id) === 0) break;
    if (items.length > maxDocuments) {
      await connection.run({ killCursors: collection, cursors: [id] }).catch(() => {});
      break;
    }
    ({ cursor } = await connection.run({ getMore: id, collection, batchSize: BATCH }));
  }
  if (items.length > maxDocuments) throw new FatalError(`The query gives more than ${maxDocuments} documents: limit it, or allow more`);
  return items;
}

async function insert(
  context: Context,
  { run }: MongoConnection,
  collection: string,
  parameters: Parameters,
  index: number,
): Promise<Item> {
  const given = withObjectId(documentOf(parameters.document || context.items[index]?.json, "document", index));
  const isOurs = given._id === undefined || given._id === null;
  const document = { ...given, _id: isOurs ? idFrom(context.idempotencyKey(index)) : given._id };
  try {
    await run({ insert: collection, documents: [document] });
  } catch (error) {
    // An earlier attempt, whose end nobody saw, has inserted it.
    const isThere =
      isOurs && error instanceof MongoCommandError && error.code === DUPLICATE_KEY && error.message.includes(String(document._id));
    if (!isThere) throw error;
  }
  return { json: jsonOf(document) };
}

/** @throws ParameterError for a query that all documents match: that is said, not forgotten. */
function filterOf(parameters: Parameters, index: number): Document {
  const filter = withObjectId(documentOf(parameters.query, "query", index));
  if (Object.keys(filter).length > 0) return filter;
  throw new ParameterError(
    "query",
    'is empty and would change all documents; if that is meant, write { "_id": { "$exists": true } }',
    index,
  );
}

function changeOf(parameters: Parameters, index: number): Document {
  const change = updateOf(documentOf(parameters.update, "update", index));
  if (Object.keys(change).length === 0) throw new ParameterError("update", "is empty: say what to set", index);
  return change;
}

async function update({ run }: MongoConnection, collection: string, parameters: Parameters, index: number): Promise<Item> {
  const { many, upsert } = parameters;
  const one = { q: filterOf(parameters, index), u: changeOf(parameters, index), multi: many, upsert };
  const { n, nModified, upserted } = await run({ update: collection, updates: [one] });
  const ids = ((upserted ?? []) as Document[]).map((each) => jsonOf({ id: each._id }).id ?? null);
  return { json: { matchedCount: Number(n) - ids.length, modifiedCount: Number(nModified), upsertedId: ids[0] ?? null } };
}

async function findOneAndUpdate({ run }: MongoConnection, collection: string, parameters: Parameters, index: number): Promise<Item[]> {
  const [query, change] = [filterOf(parameters, index), changeOf(parameters, index)];
  const sort = documentOf(parameters.sort, "sort", index);
  const { value } = await run({ findAndModify: collection, query, update: change, sort, new: true, upsert: parameters.upsert });
  return value ? [{ json: jsonOf(value as Document) }] : [];
}

async function remove({ run }: MongoConnection, collection: string, parameters: Parameters, index: number): Promise<Item> {
  const { n } = await run({ delete: collection, deletes: [{ q: filterOf(parameters, index), limit: parameters.many ? 0 : 1 }] });
  return { json: { deletedCount: Number(n) } };
}
