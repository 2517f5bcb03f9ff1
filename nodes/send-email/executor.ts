import { createHash } from "node:crypto";
import type { SendMailOptions, Transporter } from "nodemailer";
import type { z } from "zod";
import { CancelledError, FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, JsonObject } from "@/flow/item";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { fieldNames } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { fileOf } from "../files";
import type { sendEmail } from "./definition";
import { openTransport } from "./transport";

type Parameters = z.infer<typeof sendEmail.parameters>;
type Context = NodeContext<Parameters>;

export const execute: NodeExecutor<Parameters> = (context) => {
  let credential: ReturnType<Context["credential"]> | undefined;
  return mapItems(context, async (item, index) => {
    const parameters = context.parameters(index);
    const message = await buildMessage(context, parameters, item, index);
    credential ??= context.credential("smtp");
    const transport = await connect(context, parameters, await credential);
    try {
      return { json: await deliver(context, transport, message) };
    } finally {
      transport.close();
    }
  });
};

type Message = Pick<SendMailOptions, "from" | "to" | "cc" | "bcc" | "replyTo" | "subject" | "text" | "html" | "attachments" | "messageId">;

/** Fields that become headers: a line break in one would begin another. */
const HEADERS = ["from", "to", "cc", "bcc", "replyTo", "subject"] as const;

async function buildMessage(context: Context, parameters: Parameters, item: Item, index: number): Promise<Message> {
  for (const name of HEADERS) {
    if (hasControlCharacter(parameters[name])) throw new ParameterError(name, "has a line break or control character in it", index);
  }
  for (const name of ["from", "to"] as const) {
    if (parameters[name].trim() === "") throw new ParameterError(name, "is empty: fill in an e-mail address", index);
  }
  const { format, from, to, cc, bcc, replyTo, subject, text, html } = parameters;
  const attachments = await Promise.all(
    fieldNames(parameters.attachments).map(async (name) => {
      const file = fileOf(item, name, "attachments", index);
      return {
        filename: plain(file.fileName ?? name),
        contentType: plain(file.mimeType),
        cid: plain(name),
        content: Buffer.from(await context.readBinary(file)),
      };
    }),
  );
  return {
    from,
    to,
    ...(cc.trim() !== "" && { cc }),
    ...(bcc.trim() !== "" && { bcc }),
    ...(replyTo.trim() !== "" && { replyTo }),
    subject,
    ...(format !== "html" && { text }),
    ...(format !== "text" && { html }),
    ...(attachments.length > 0 && { attachments }),
    messageId: messageId(context.idempotencyKey(index), from),
  };
}

/** The same in every attempt, so that mailboxes show a message once that was sent twice. */
function messageId(key: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? "localhost";
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 32)}@${domain}>`;
}

const plain = (text: string): string => [...text].filter((char) => !hasControlCharacter(char)).join("");

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127) return true;
  }
  return false;
}

async function connect(context: Context, parameters: Parameters, fields: Record<string, string> | null): Promise<Transporter> {
  if (!fields) throw new FatalError(`Choose a credential for the SMTP server in the node "${context.node.name}"`);
  return openTransport(fields, context, { ignoreTlsErrors: parameters.ignoreTlsErrors });
}

async function deliver(context: Context, transport: Transporter, message: Message): Promise<JsonObject> {
  const { signal } = context;
  signal.throwIfAborted();
  const sent = transport.sendMail(message);
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new CancelledError());
    signal.addEventListener("abort", abort, { once: true });
    const done = () => signal.removeEventListener("abort", abort);
    sent.then(done, done);
  });
  try {
    return JSON.parse(JSON.stringify(await Promise.race([sent, aborted]))) as JsonObject;
  } catch (error) {
    if (signal.aborted) throw error;
    throw readable(error);
  }
}

/** A refusal that stays one (5xx, a wrong password) is not tried again. */
function readable(thrown: unknown): Error {
  const error = thrown as Error & { code?: string; responseCode?: number };
  const message = `The message was not sent: ${error.message}`;
  const isFinal = error.code === "EAUTH" || (error.responseCode !== undefined && error.responseCode >= 500);
  return isFinal ? new FatalError(message, { cause: thrown }) : new Error(message, { cause: thrown });
}
