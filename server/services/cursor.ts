import type { z } from "zod";
import { ServiceError } from "./errors";

/** A place in a list, opaque to whoever pages through it. */
export const encodeCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString("base64url");

/** @throws ServiceError `invalid` for a cursor that this list never gave. */
export function decodeCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw new ServiceError("invalid", "cursor: is not one that this list gave", {
      issues: [{ field: "cursor", message: "is not one that this list gave", code: "invalid_cursor" }],
    });
  }
}
