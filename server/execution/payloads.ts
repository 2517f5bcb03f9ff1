import { randomUUID } from "node:crypto";
import type pg from "pg";
import { FatalError } from "@/flow/execution/errors";
import type { Binary, Item } from "@/flow/item";

/** Bytes up to which a file travels inside of its item. */
const INLINE_BYTES = 16 * 1024;
/** Bytes of the largest file that is kept. */
const LARGEST_BYTES = 256 * 1024 * 1024;

const extensionOf = (fileName: string | undefined): string | undefined => /\.([A-Za-z0-9]{1,16})$/.exec(fileName ?? "")?.[1];

export interface PayloadOwner {
  organizationId: string;
  /** Null for one that is still to be started with what a poll has found: see `adoptFiles`. */
  executionId: string | null;
}

/** Of files that belong to no execution yet. */
const POLLED = "poll_";

/** Keeps a file of an execution: inline when it is small, else in the payload store by reference. */
export async function writeBinary(
  pool: pg.Pool,
  owner: PayloadOwner,
  bytes: Uint8Array,
  info: { mimeType: string; fileName?: string },
): Promise<Binary> {
  if (bytes.byteLength > LARGEST_BYTES) {
    throw new FatalError(`The file has ${bytes.byteLength} bytes; at most ${LARGEST_BYTES} are kept`);
  }
  const extension = extensionOf(info.fileName);
  const described: Binary = { ...info, fileSize: bytes.byteLength, ...(extension !== undefined && { fileExtension: extension }) };
  if (bytes.byteLength <= INLINE_BYTES) return { ...described, data: Buffer.from(bytes).toString("base64") };
  const id = `${owner.executionId === null ? POLLED : ""}${randomUUID()}`;
  await pool.query("insert into payload (id, organization_id, execution_id, content_type, size, bytes) values ($1, $2, $3, $4, $5, $6)", [
    id,
    owner.organizationId,
    owner.executionId,
    info.mimeType,
    bytes.byteLength,
    Buffer.from(bytes),
  ]);
  return { ...described, id };
}

/** Bytes of a file, wherever they are. A reference of another organization answers as one that does not exist. */
export async function readBinary(pool: pg.Pool, organizationId: string, binary: Binary): Promise<Uint8Array> {
  if (binary.data !== undefined) return Buffer.from(binary.data, "base64");
  if (binary.id !== undefined) {
    const { rows } = await pool.query<{ bytes: Buffer }>("select bytes from payload where id = $1 and organization_id = $2", [
      binary.id,
      organizationId,
    ]);
    if (rows[0]) return rows[0].bytes;
  }
  throw new FatalError(`The file "${binary.fileName ?? binary.id ?? "without a name"}" is not kept any more`);
}

/** Makes the files that a poll has kept those of the execution that was started with them: from then on they are deleted with it. */
export async function adoptFiles(
  client: Pick<pg.ClientBase, "query">,
  owner: { organizationId: string; executionId: string },
  items: readonly Item[],
): Promise<void> {
  const ids = items.flatMap(({ binary }) => Object.values(binary ?? {}).flatMap(({ id }) => (id?.startsWith(POLLED) ? [id] : [])));
  if (ids.length === 0) return;
  await client.query("update payload set execution_id = $1 where organization_id = $2 and id = any($3) and execution_id is null", [
    owner.executionId,
    owner.organizationId,
    ids,
  ]);
}
