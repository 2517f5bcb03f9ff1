import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { signForAws } from "@/server/credentials/aws-signature";

export interface S3Fake {
  url: string;
  host: string;
  buckets: Map<string, Map<string, { body: Buffer; type: string; headers: IncomingMessage["headers"] }>>;
  close(): Promise<void>;
}

export const S3_KEYS = { access_key_id: "AKIATESTTESTTESTTEST", secret_access_key: "secret/of+the=bucket" };

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A bucket server on the loopback that checks signatures and gives two objects a page. */
export async function startS3Fake(): Promise<S3Fake> {
  const buckets: S3Fake["buckets"] = new Map();
  const answer = (response: ServerResponse, status: number, body: string | Buffer = "", headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "content-type": "application/xml", ...headers }).end(body);
  };
  const fail = (response: ServerResponse, status: number, code: string, message: string): void =>
    answer(response, status, `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);

  const isSigned = (request: IncomingMessage, url: URL, body: Buffer): boolean => {
    const { authorization, "x-amz-date": date, ...others } = request.headers;
    const [year, month, day, hour, minute, second] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(String(date))?.slice(1) ?? [];
    const [, signed = ""] = /SignedHeaders=([^,]+)/.exec(authorization ?? "") ?? [];
    const names = new Set(signed.split(";"));
    const headers = Object.fromEntries(Object.entries(others).filter(([name]) => names.has(name) && name !== "host")) as Record<
      string,
      string
    >;
    const expected = signForAws(
      { method: request.method ?? "", url, headers, body },
      { name: "fake", fields: S3_KEYS },
      { service: "s3", region: "eu-test-1" },
      new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    );
    return (
      expected.headers.authorization === authorization && createHash("sha256").update(body).digest("hex") === others["x-amz-content-sha256"]
    );
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const body = await buffer(request);
    if (!isSigned(request, url, body)) return fail(response, 403, "SignatureDoesNotMatch", "The signature does not match");
    const [, bucketName = "", ...parts] = url.pathname.split("/").map(decodeURIComponent);
    const key = parts.join("/");
    if (bucketName === "") {
      const names = [...buckets.keys()].map(
        (name) => `<Bucket><Name>${name}</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>`,
      );
      return answer(response, 200, `<ListAllMyBucketsResult><Buckets>${names.join("")}</Buckets></ListAllMyBucketsResult>`);
    }
    if (key === "" && request.method === "PUT") {
      buckets.set(bucketName, new Map());
      return answer(response, 200);
    }
    const bucket = buckets.get(bucketName);
    if (!bucket) return fail(response, 404, "NoSuchBucket", "The specified bucket does not exist");
    if (key === "" && request.method === "DELETE") {
      buckets.delete(bucketName);
      return answer(response, 204);
    }
    if (key === "") {
      const prefix = url.searchParams.get("prefix") ?? "";
      const start = Number(url.searchParams.get("continuation-token") ?? 0);
      const size = Math.min(2, Number(url.searchParams.get("max-keys")));
      const all = [...bucket].filter(([name]) => name.startsWith(prefix)).sort(([one], [other]) => (one < other ? -1 : 1));
      const contents = all
        .slice(start, start + size)
        .map(
          ([name, { body: data }]) =>
            `<Contents><Key>${escaped(name)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"e"</ETag><Size>${data.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
        );
      const more = start + size < all.length;
      const next = more ? `<NextContinuationToken>${start + size}</NextContinuationToken>` : "";
      return answer(
        response,
        200,
        `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`,
      );
    }
    if (request.method === "PUT") {
      const [, fromBucket = "", ...fromKey] = String(request.headers["x-amz-copy-source"] ?? "")
        .split("/")
        .map(decodeURIComponent);
      const source =
        fromBucket === "" ? { body, type: request.headers["content-type"] ?? "" } : buckets.get(fromBucket)?.get(fromKey.join("/"));
      // As the real one does: a copy that fails after it began.
      if (!source)
        return answer(response, 200, "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>");
      bucket.set(key, { ...source, headers: request.headers });
      return answer(response, 200, fromBucket === "" ? "" : '<CopyObjectResult><ETag>"copied"</ETag></CopyObjectResult>', {
        etag: '"new"',
      });
    }
    if (request.method === "DELETE") {
      bucket.delete(key);
      return answer(response, 204);
    }
    const object = bucket.get(key);
    if (!object) return fail(response, 404, "NoSuchKey", "The specified key does not exist.");
    answer(response, 200, object.body, { "content-type": object.type });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => fail(response, 500, "InternalError", String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    buckets,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
