import { type Document, deserialize, serialize } from "bson";

/** Commands and answers as the server has them: OP_MSG with one section. */
const OP_MSG = 2013;
const HEADER_BYTES = 16;
/** Longest message that servers send. */
const MAX_MESSAGE_BYTES = 48_000_000;

export function encodeMessage(requestId: number, command: Document): Buffer {
  const body = serialize(command, { ignoreUndefined: true });
  const head = Buffer.alloc(HEADER_BYTES + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(requestId, 4);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

/** Numbers beyond JavaScript's stay exact, for `toJson` to write down. */
const decode = (bytes: Uint8Array): Document => deserialize(bytes, { promoteLongs: false, promoteValues: true });

/** Reads messages out of the pieces in which they come. */
export class MessageReader {
  private pieces: Buffer[] = [];
  private size = 0;

  /** @throws Error for what no MongoDB server sends */
  read(piece: Buffer): { responseTo: number; document: Document }[] {
    this.pieces.push(piece);
    this.size += piece.length;
    if (this.size < HEADER_BYTES) return [];
    let buffer = Buffer.concat(this.pieces);
    const messages: { responseTo: number; document: Document }[] = [];
    while (buffer.length >= HEADER_BYTES) {
      const length = buffer.readInt32LE(0);
      if (length < HEADER_BYTES + 5 || length > MAX_MESSAGE_BYTES) throw new Error("that is no MongoDB server");
      if (buffer.length < length) break;
      if (buffer.readInt32LE(12) !== OP_MSG || buffer[20] !== 0) throw new Error("the server is too old, or no MongoDB server");
      messages.push({ responseTo: buffer.readInt32LE(8), document: decode(buffer.subarray(21, length)) });
      buffer = buffer.subarray(length);
    }
    this.pieces = [buffer];
    this.size = buffer.length;
    return messages;
  }
}
