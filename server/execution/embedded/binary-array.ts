// Arrays in Postgres' binary format: nothing to quote and nothing to parse, which is most of the cost of sending JSON texts
// as an array literal. Layout: dimensions, has-nulls flag, element type, length, lower bound, then length-prefixed elements.

const TEXT = 25;
const INT4 = 23;
const BOOL = 16;
const BYTEA = 17;
const TIMESTAMPTZ = 1184;
const HEADER = 20;
/** 2000-01-01 in milliseconds since 1970: where Postgres counts from. */
const POSTGRES_EPOCH = 946_684_800_000;

function begin(elementType: number, length: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(elementType, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

/** Elements of four bytes' length and `width` bytes of value each. */
function fixed<T>(
  elementType: number,
  width: number,
  values: readonly (T | null)[],
  write: (buffer: Buffer, value: T, at: number) => void,
) {
  let bytes = 0;
  for (const value of values) bytes += value === null ? 4 : 4 + width;
  const buffer = begin(elementType, values.length, bytes);
  let at = HEADER;
  for (const value of values) {
    buffer.writeInt32BE(value === null ? -1 : width, at);
    at += 4;
    if (value === null) continue;
    write(buffer, value, at);
    at += width;
  }
  return buffer;
}

export const intArray = (values: readonly (number | null)[]): Buffer =>
  fixed(INT4, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at));

export const boolArray = (values: readonly boolean[]): Buffer =>
  fixed(BOOL, 1, values, (buffer, value, at) => buffer.writeUInt8(value ? 1 : 0, at));

export const timestampArray = (values: readonly (Date | null)[]): Buffer =>
  fixed(TIMESTAMPTZ, 8, values, (buffer, value, at) => {
    // Microseconds in two halves: numbers are exact there, and cheaper than big integers.
    const microseconds = (value.getTime() - POSTGRES_EPOCH) * 1000;
    buffer.writeInt32BE(Math.floor(microseconds / 4_294_967_296), at);
    buffer.writeUInt32BE(microseconds >>> 0, at + 4);
  });

export function textArray(values: readonly (string | null)[]): Buffer {
  let bytes = 0;
  const lengths = new Array<number>(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const length = value === null ? -1 : Buffer.byteLength(value);
    lengths[index] = length;
    bytes += length > 0 ? 4 + length : 4;
  }
  const buffer = begin(TEXT, values.length, bytes);
  let at = HEADER;
  for (let index = 0; index < values.length; index++) {
    const length = lengths[index]!;
    buffer.writeInt32BE(length, at);
    at += 4;
    if (length > 0) at += buffer.write(values[index]!, at, length, "utf8");
  }
  return buffer;
}

export function bytesArray(values: readonly Buffer[]): Buffer {
  const buffer = begin(
    BYTEA,
    values.length,
    values.reduce((sum, value) => sum + 4 + value.length, 0),
  );
  let at = HEADER;
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    at += 4 + value.copy(buffer, at + 4);
  }
  return buffer;
}
