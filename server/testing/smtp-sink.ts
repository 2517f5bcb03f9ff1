import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A message as it came over the wire. */
export interface SunkMessage {
  from: string;
  to: string[];
  /** Of whom it came, when they logged in. */
  user: string | undefined;
  /** Headers and body. */
  source: string;
}

export interface SmtpSink {
  port: number;
  /** In the order in which they came. */
  messages: SunkMessage[];
  close(): Promise<void>;
}

/** A real SMTP server on the loopback that keeps what it is sent. It knows one user: `shop`, with the password `correct horse`. */
export async function startSmtpSink(options: Partial<SMTPServerOptions> = {}): Promise<SmtpSink> {
  const messages: SunkMessage[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    onAuth: (auth, _session, callback) =>
      auth.username === "shop" && auth.password === "correct horse"
        ? callback(null, { user: auth.username })
        : callback(new Error("Invalid username or password")),
    onData: (stream, session, callback) => {
      text(stream).then(
        (source) => {
          const { mailFrom, rcptTo } = session.envelope;
          messages.push({
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map(({ address }) => address),
            user: session.user === undefined ? undefined : String(session.user),
            source,
          });
          callback(null, "queued");
        },
        (error: Error) => callback(error),
      );
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    messages,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
