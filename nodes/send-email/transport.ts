import { createTransport, type Transporter } from "nodemailer";
import type { NodeContext } from "@/flow/node/context";
import { smtpServer } from "./smtp-server";

const CONNECT_MS = 30_000;
const SILENCE_MS = 120_000;

/**
 * What sends messages through the server of a credential. It connects when it is used.
 * @throws FatalError for a credential that is wrong, or an address that may not be reached
 */
export async function openTransport(
  fields: Readonly<Record<string, string>>,
  { checkHost }: Pick<NodeContext, "checkHost">,
  { ignoreTlsErrors }: { ignoreTlsErrors: boolean },
): Promise<Transporter> {
  const server = smtpServer(fields);
  // What is connected to is the address that was checked; the name only proves the certificate.
  const { address } = await checkHost(server.host, server.port);
  const tls = { rejectUnauthorized: !ignoreTlsErrors, ...(address !== server.host && { servername: server.host }) };
  return createTransport({
    host: address,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    ignoreTLS: server.ignoreTls,
    ...(server.name !== undefined && { name: server.name }),
    ...(server.user !== undefined && { auth: { user: server.user, pass: server.password } }),
    tls,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    // Contents come from the item only, whatever a field looks like.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
