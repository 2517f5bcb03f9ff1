import { FatalError } from "@/flow/execution/errors";

/** A server as a credential describes it. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the start. */
  secure: boolean;
  /** No message without STARTTLS. */
  requireTls: boolean;
  ignoreTls: boolean;
  user?: string;
  password?: string;
  /** What we call ourselves. */
  name?: string;
}

const isTrue = (text: string | undefined): boolean => text !== undefined && /^(true|1|yes|on|ssl|tls)$/i.test(text.trim());

/**
 * Reads a credential's fields, by the names that people and n8n give them.
 * @throws FatalError that names the field.
 */
export function smtpServer(fields: Readonly<Record<string, string>>): SmtpServer {
  const field = (...names: string[]): string | undefined =>
    names
      .map((name) => (Object.hasOwn(fields, name) ? fields[name]?.trim() : undefined))
      .find((value) => value !== undefined && value !== "");
  const host = field("host", "server", "hostname");
  if (host === undefined) throw new FatalError('The SMTP credential has no field "host": add the name of the server');
  const secureText = field("secure", "ssl", "tls");
  const port = Number(field("port") ?? (secureText === undefined || isTrue(secureText) ? 465 : 587));
  if (!Number.isInteger(port)) throw new FatalError('The field "port" of the SMTP credential is not a number');
  const user = field("user", "username", "login");
  const name = field("hostName", "name");
  return {
    host,
    port,
    secure: secureText === undefined ? port === 465 : isTrue(secureText),
    requireTls: isTrue(field("requireTls", "require_tls")),
    ignoreTls: isTrue(field("disableStartTls", "disable_start_tls")),
    ...(user !== undefined && { user, password: fields.password ?? fields.pass ?? "" }),
    ...(name !== undefined && { name }),
  };
}
