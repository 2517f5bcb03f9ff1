import { FatalError } from "@/flow/execution/errors";
import { ServerFields } from "../server-fields";

/** A mail server and who logs in to it. */
export interface ImapServer {
  host: string;
  port: number;
  /** When TLS begins: with the connection, after a command, never. */
  secure: "implicit" | "starttls" | "none";
  rejectUnauthorized: boolean;
  /** PEM, in place of the well-known authorities. */
  ca?: string;
  user: string;
  password?: string;
  /** OAuth, in place of a password. */
  accessToken?: string;
}

const SECURE = { implicit: "implicit", true: "implicit", starttls: "starttls", none: "none", false: "none" } as const;

/** Whose tokens go where: a token is told to its own provider only, whatever a flow says. */
const PROVIDERS = { gmail: "imap.gmail.com", outlook: "outlook.office365.com" } as const;

/**
 * Reads a credential's fields, by the names that people and n8n give them.
 * @throws FatalError that names the field.
 */
export function imapServer(given: Readonly<Record<string, string>>): ImapServer {
  const fields = new ServerFields(given, "IMAP");
  const said = (fields.text("secure", "tls", "ssl") ?? "implicit").toLowerCase();
  if (!Object.hasOwn(SECURE, said)) throw new FatalError('The field "secure" of the IMAP credential must be implicit, starttls or none');
  const secure = SECURE[said as keyof typeof SECURE];
  const ca = fields.secret("ca");
  const password = fields.secret("password", "pass");
  if (password === undefined) throw new FatalError('The IMAP credential has no field "password": add it');
  return {
    host: fields.required("host"),
    port: fields.port(secure === "implicit" ? 993 : 143),
    secure,
    rejectUnauthorized: !fields.flag(false, "ignore_tls_errors", "allowUnauthorizedCerts"),
    ...(ca !== undefined && { ca }),
    user: fields.required("user", "username"),
    password,
  };
}

/** @throws FatalError for an account without a token. */
export function oauthServer(account: keyof typeof PROVIDERS, user: string, given: Readonly<Record<string, string>>): ImapServer {
  const accessToken = new ServerFields(given, "OAuth").secret("access_token");
  if (accessToken === undefined) throw new FatalError("The account has no access token: connect it again");
  if (user.trim() === "") throw new FatalError("Fill in the e-mail address of the account");
  return { host: PROVIDERS[account], port: 993, secure: "implicit", rejectUnauthorized: true, user: user.trim(), accessToken };
}
