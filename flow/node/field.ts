import type { z } from "zod";
import type { FieldHints } from "./define-node";

/**
 * Names a parameter for people: `title` and `description` are what the form shows, the rest are its hints.
 * @example field(z.string().default(""), "URL", { placeholder: "https://…" })
 */
export const field = <S extends z.ZodType>(
  schema: S,
  title: string,
  { description, ...ui }: FieldHints & { description?: string } = {},
): S => schema.meta({ title, ...(description !== undefined && { description }), ...(Object.keys(ui).length > 0 && { ui }) }) as S;
