import { z } from "zod";

/** An e-mail address, in the one form that it is compared and stored in. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "must be at most 254 characters long")
  .pipe(z.email("must be an e-mail address"));
