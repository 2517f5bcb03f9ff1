/** What a server answers. An error is a value: it belongs to one command, not to the connection. */
export type Reply = string | number | null | RedisError | Reply[];

export class RedisError extends Error {
  override name = "RedisError";
}

/** A command as the server takes it. Arguments have their lengths with them: none can begin another. */
export function encodeCommand(parts: readonly (string | number)[]): Buffer {
  const pieces = [Buffer.from(`*${parts.length}\r\n`)];
  for (const part of parts) {
    const bytes = Buffer.from(String(part));
    pieces.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n"));
  }
  return Buffer.concat(pieces);
}

const LINE_END = Buffer.from("\r\n");
const MAX_DEPTH = 16;
/** Undefined while the rest has not come. */
type Parsed = { value: Reply; next: number } | undefined;

/** Reads answers (RESP2) out of the pieces in which they come. */
export class ReplyReader {
  private buffer: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  private pieces: Buffer[] = [];
  private size = 0;

  constructor(private readonly maxBytes: number) {}

  /** @throws Error for what is no answer, or is too long */
  read(piece: Buffer): Reply[] {
    this.pieces.push(piece);
    this.size += piece.length;
    if (this.size > this.maxBytes) throw new Error(`the answer is longer than ${this.maxBytes} bytes`);
    // A long value comes in many pieces: they are joined once it can be whole.
    if (!piece.includes(LINE_END) && this.size < this.maxBytes) return [];
    this.buffer = Buffer.concat(this.pieces);
    const replies: Reply[] = [];
    let at = 0;
    for (let parsed = this.parse(at, 0); parsed; parsed = this.parse(at, 0)) {
      replies.push(parsed.value);
      at = parsed.next;
    }
    const rest = this.buffer.subarray(at);
    this.pieces = [rest];
    this.size = rest.length;
    return replies;
  }

  private parse(at: number, depth: number): Parsed {
    if (depth > MAX_DEPTH) throw new Error("the answer is nested too deep");
    const end = this.buffer.indexOf(LINE_END, at);
    if (end < 0) return undefined;
    const kind = this.buffer.toString("latin1", at, at + 1);
    const line = this.buffer.toString("utf8", at + 1, end);
    const next = end + 2;
    if (kind === "+") return { value: line, next };
    if (kind === "-") return { value: new RedisError(line), next };
    if (kind !== ":" && kind !== "$" && kind !== "*") throw new Error("that is no Redis server");
    const number = Number(line);
    if (!Number.isSafeInteger(number)) return kind === ":" ? { value: line, next } : fail();
    if (kind === ":") return { value: number, next };
    if (number === -1) return { value: null, next };
    return kind === "$" ? this.bulk(next, number) : this.array(next, number, depth);
  }

  private bulk(at: number, length: number): Parsed {
    if (length < 0 || length > this.maxBytes) throw new Error(`a value is longer than ${this.maxBytes} bytes`);
    if (this.buffer.length < at + length + 2) return undefined;
    return { value: this.buffer.toString("utf8", at, at + length), next: at + length + 2 };
  }

  private array(at: number, length: number, depth: number): Parsed {
    const value: Reply[] = [];
    let next = at;
    for (let index = 0; index < length; index++) {
      const parsed = this.parse(next, depth + 1);
      if (!parsed) return undefined;
      value.push(parsed.value);
      next = parsed.next;
    }
    return { value, next };
  }
}

function fail(): never {
  throw new Error("that is no Redis server");
}
