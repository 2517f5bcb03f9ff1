import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import { fieldNames } from "@/flow/node/field-path";
import { fileOf } from "../files";
import type { imap } from "./definition";
import { refuseControlCharacters } from "./mailbox-names";

type Parameters = z.infer<typeof imap.parameters>;

/** A message as bytes; nothing is connected to. The same in every attempt. */
export async function buildDraft(context: NodeContext<Parameters>, parameters: Parameters, item: Item, index: number): Promise<Buffer> {
  for (const name of ["draftFrom", "draftTo", "draftSubject"] as const) refuseControlCharacters(parameters[name], name, index);
  const { draftFrom, draftTo, draftSubject, draftText, draftHtml, draftFiles } = parameters;
  if (draftText === "" && draftHtml === "" && draftSubject === "") throw new ParameterError("draftText", "is empty", index);
  const attachments = await Promise.all(
    fieldNames(draftFiles).map(async (name) => {
      const file = fileOf(item, name, "draftFiles", index);
      return { filename: file.fileName ?? name, contentType: file.mimeType, content: Buffer.from(await context.readBinary(file)) };
    }),
  );
  const key = createHash("sha256").update(context.idempotencyKey(index)).digest("hex").slice(0, 32);
  const { message } = await createTransport({ streamTransport: true, buffer: true, newline: "windows" }).sendMail({
    ...(draftFrom !== "" && { from: draftFrom }),
    ...(draftTo !== "" && { to: draftTo }),
    subject: draftSubject,
    ...(draftText !== "" && { text: draftText }),
    ...(draftHtml !== "" && { html: draftHtml }),
    ...(attachments.length > 0 && { attachments }),
    messageId: `<${key}@${/@([A-Za-z0-9.-]+)>?\s*$/.exec(draftFrom)?.[1] ?? "localhost"}>`,
    // Contents come from the item only, whatever a field looks like.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return Buffer.isBuffer(message) ? message : Buffer.from([]);
}
