import type { z } from "zod";
import { FatalError } from "@/flow/execution/errors";
import type { Item, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { mapItems } from "@/flow/node/map-items";
import { fileOf } from "../files";
import { callS3, checkedBucket, checkedKey, encodedKey, type Place, placeOf, readXml, urlOf, type Xml } from "./bucket";
import type { s3 } from "./definition";

type Parameters = z.infer<typeof s3.parameters>;
type Context = NodeContext<Parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  if (context.items.length === 0) return [[]];
  const fields = await context.credential("s3");
  if (!fields) throw new FatalError(`Choose a credential for S3 in the node "${context.node.name}"`);
  // Of the credential no more than where its buckets are: what is secret in it signs behind the client.
  const { region = "", endpoint = "", force_path_style = "", forcePathStyle = "" } = fields;
  const where = { region, endpoint, force_path_style, forcePathStyle };
  return mapItems(context, (item, index) => {
    const parameters = context.parameters(index);
    return operate(context, placeOf(where, parameters.region), parameters, item, index);
  });
};

function operate(context: Context, place: Place, parameters: Parameters, item: Item, index: number): Promise<Item | Item[]> {
  if (parameters.operation === "listBuckets") return listBuckets(context, place);
  const bucket = checkedBucket(parameters.bucket, "bucket", index);
  switch (parameters.operation) {
    case "list":
      return listObjects(context, place, bucket, parameters);
    case "createBucket":
    case "deleteBucket":
      return changeBucket(context, place, bucket, parameters.operation === "createBucket" ? "PUT" : "DELETE");
  }
  const key = checkedKey(parameters.key, "key", index);
  switch (parameters.operation) {
    case "download":
      return download(context, place, { bucket, key }, parameters, item);
    case "upload":
      return upload(context, place, { bucket, key }, parameters, item, index);
    case "copy":
      return copy(context, place, { bucket, key }, parameters, index);
    case "delete":
      return remove(context, place, { bucket, key });
  }
}

interface ObjectName {
  bucket: string;
  key: string;
}

const listOf = (value: unknown): Xml[] => (Array.isArray(value) ? (value as Xml[]) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

async function listBuckets(context: Context, place: Place): Promise<Item[]> {
  const request = { method: "GET", url: urlOf(place, "") };
  const { Buckets } = readXml(await callS3(context, place, request), request);
  return listOf((Buckets as Xml | undefined)?.Bucket).map(({ Name, CreationDate }) => ({
    json: { Name: text(Name), CreationDate: text(CreationDate) },
  }));
}

async function listObjects(context: Context, place: Place, bucket: string, { prefix, delimiter, limit }: Parameters): Promise<Item[]> {
  const found: JsonObject[] = [];
  const most = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  let token: string | undefined;
  do {
    const request = {
      method: "GET",
      url: urlOf(place, bucket, "", {
        "list-type": "2",
        "max-keys": String(Math.min(1000, most - found.length)),
        ...(prefix !== "" && { prefix }),
        ...(delimiter !== "" && { delimiter }),
        ...(token !== undefined && { "continuation-token": token }),
      }),
    };
    const page = readXml(await callS3(context, place, request), request);
    for (const each of listOf(page.Contents)) {
      const { Key, LastModified, ETag, Size, StorageClass } = each;
      found.push({
        Key: text(Key),
        LastModified: text(LastModified),
        ETag: text(ETag),
        Size: Number(text(Size)),
        StorageClass: text(StorageClass),
      });
    }
    for (const { Prefix } of listOf(page.CommonPrefixes)) found.push({ Prefix: text(Prefix) });
    token = page.IsTruncated === "true" ? text(page.NextContinuationToken) || undefined : undefined;
  } while (token !== undefined && found.length < most);
  return found.slice(0, most).map((json) => ({ json }));
}

async function changeBucket(context: Context, place: Place, bucket: string, method: "PUT" | "DELETE"): Promise<Item> {
  const isElsewhere = method === "PUT" && place.region !== "us-east-1" && place.endpoint.host.includes("amazonaws.com");
  const body = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${place.region}</LocationConstraint></CreateBucketConfiguration>`;
  await callS3(context, place, { method, url: urlOf(place, bucket), ...(isElsewhere && { body: Buffer.from(body) }) });
  return { json: { success: true, bucket } };
}

async function download(context: Context, place: Place, { bucket, key }: ObjectName, { file }: Parameters, item: Item): Promise<Item> {
  const { headers, body } = await callS3(context, place, { method: "GET", url: urlOf(place, bucket, key) });
  const fileName = key.split("/").at(-1) || key;
  const mimeType = headers["content-type"]?.split(";")[0]?.trim() || "application/octet-stream";
  return { json: item.json, binary: { ...item.binary, [file]: await context.writeBinary(body, { mimeType, fileName }) } };
}

async function upload(
  context: Context,
  place: Place,
  { bucket, key }: ObjectName,
  parameters: Parameters,
  item: Item,
  index: number,
): Promise<Item> {
  const binary = parameters.source === "file" ? fileOf(item, parameters.file, "file", index) : null;
  const body = binary ? await context.readBinary(binary) : Buffer.from(parameters.text);
  const contentType = parameters.contentType.trim() || binary?.mimeType || "text/plain; charset=utf-8";
  const headers = { "content-type": contentType, ...optionHeaders(parameters) };
  const response = await callS3(context, place, { method: "PUT", url: urlOf(place, bucket, key), headers, body });
  return { json: { success: true, bucket, key, etag: response.headers.etag ?? null } };
}

const optionHeaders = ({ storageClass, acl }: Parameters): Record<string, string> => ({
  ...(storageClass.trim() !== "" && { "x-amz-storage-class": storageClass.trim() }),
  ...(acl.trim() !== "" && { "x-amz-acl": acl.trim() }),
});

async function copy(context: Context, place: Place, { bucket, key }: ObjectName, parameters: Parameters, index: number): Promise<Item> {
  const from = parameters.sourceBucket.trim() === "" ? bucket : checkedBucket(parameters.sourceBucket, "sourceBucket", index);
  const fromKey = checkedKey(parameters.sourceKey, "sourceKey", index);
  const headers = { "x-amz-copy-source": `/${from}/${encodedKey(fromKey)}`, ...optionHeaders(parameters) };
  const request = { method: "PUT", url: urlOf(place, bucket, key), headers };
  const { ETag } = readXml(await callS3(context, place, request), request);
  return { json: { success: true, bucket, key, etag: text(ETag) } };
}

async function remove(context: Context, place: Place, { bucket, key }: ObjectName): Promise<Item> {
  await callS3(context, place, { method: "DELETE", url: urlOf(place, bucket, key) });
  return { json: { success: true, bucket, key } };
}
