import { FatalError } from "@/flow/execution/errors";
import type { NodeContext } from "@/flow/node/context";
import type { MailServer } from "./client";
import { imapServer, oauthServer } from "./imap-server";

interface Login {
  account: "password" | "gmail" | "outlook";
  user: string;
  timeoutSeconds: number;
}

/** Logs in as a node's parameters say, with the credential in its slot. */
export async function openFor(
  { credential, checkHost, signal, node }: Pick<NodeContext, "credential" | "checkHost" | "signal"> & { node: { name: string } },
  { account, user, timeoutSeconds }: Login,
): Promise<MailServer> {
  const fields = await credential(account === "password" ? "imap" : "oauth");
  if (!fields) throw new FatalError(`Choose a credential for the mailbox in the node "${node.name}"`);
  const server = account === "password" ? imapServer(fields) : oauthServer(account, user, fields);
  const { openMailServer } = await import("./client");
  return openMailServer(server, { checkHost, signal, timeoutMs: timeoutSeconds * 1000 });
}
