import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { env } from "../env";

export interface Mail {
  /** The same mail has the same one, wherever it is sent from. */
  id: string;
  to: string;
  subject: string;
  body: string;
}

/** What became of a mail. `later`: the server did not take it yet. `unclear`: it may have taken it. */
export type Sent = { kind: "sent" } | { kind: "later" | "failed" | "unclear"; error: string };

const PATIENCE_MS = 20_000;

const transportTo = (url: string) =>
  createTransport({
    url,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

/** Why the operator's mail server takes no mails of ours; null when it does. */
export async function mailServerFault(): Promise<string | null> {
  const { SMTP_URL: url } = env();
  if (url === undefined) return "no mail server is set";
  const transport = transportTo(url);
  try {
    await transport.verify();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    transport.close();
  }
}

/** Hands a mail to the operator's mail server (`SMTP_URL`). Never throws: what failed is told. */
export async function sendMail({ id, to, subject, body }: Mail): Promise<Sent> {
  const { SMTP_URL: url, MAIL_FROM: from } = env();
  if (url === undefined || from === undefined) return { kind: "later", error: "no mail server is set" };
  const transport = transportTo(url);
  try {
    const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? "localhost";
    const messageId = `<${createHash("sha256").update(id).digest("hex").slice(0, 32)}@${domain}>`;
    await transport.sendMail({
      from,
      to: { name: "", address: to },
      subject,
      text: body,
      messageId,
      headers: { "Auto-Submitted": "auto-generated" },
    });
    return { kind: "sent" };
  } catch (thrown) {
    return failureOf(thrown as Error & { code?: string; responseCode?: number; command?: string });
  } finally {
    transport.close();
  }
}

function failureOf({ message, code, responseCode, command }: Error & { code?: string; responseCode?: number; command?: string }): Sent {
  const error = message.slice(0, 500);
  if (responseCode !== undefined) return { kind: responseCode >= 500 ? "failed" : "later", error };
  // Nothing was handed over yet.
  if (command === "CONN" || code === "EDNS" || code === "ETLS") return { kind: "later", error };
  return { kind: "unclear", error };
}
