import { FatalError } from "@/flow/execution/errors";
import type { TlsSettings } from "@/flow/node/connection";
import { ServerFields } from "../server-fields";

/** A server as a credential describes it. */
export interface FtpServer {
  host: string;
  port: number;
  user: string;
  password: string;
  /** When TLS begins: asked for by a command, with the connection, never. */
  secure: "explicit" | "implicit" | "none";
  tls: TlsSettings;
}

const SECURE = { explicit: "explicit", implicit: "implicit", none: "none", true: "explicit", false: "none" } as const;

/**
 * Reads a credential's fields, by the names that people and n8n give them.
 * @throws FatalError that names the field.
 */
export function ftpServer(given: Readonly<Record<string, string>>): FtpServer {
  const fields = new ServerFields(given, "FTP");
  const said = (fields.text("secure", "security", "tls", "ssl") ?? "explicit").toLowerCase();
  if (!Object.hasOwn(SECURE, said)) throw new FatalError('The field "secure" of the FTP credential must be explicit, implicit or none');
  const secure = SECURE[said as keyof typeof SECURE];
  const ca = fields.secret("ca");
  return {
    host: fields.required("host"),
    port: fields.port(secure === "implicit" ? 990 : 21),
    user: fields.text("user", "username") ?? "anonymous",
    password: fields.secret("password") ?? "guest",
    secure,
    tls: { rejectUnauthorized: !fields.flag(false, "ignore_tls_errors", "allowUnauthorizedCerts"), ...(ca !== undefined && { ca }) },
  };
}
