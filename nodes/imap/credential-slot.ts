import type { CredentialSlot } from "@/flow/credentials/types";

/** A slot for the way in which a node of a mailbox logs in. */
export function imapSlot(account: unknown): CredentialSlot {
  if (account === "gmail") {
    return {
      name: "oauth",
      label: "Google account",
      types: ["oauth2"],
      tool: "gmail",
      scopes: ["https://mail.google.com/"],
      required: true,
    };
  }
  if (account === "outlook") {
    // Not one of the catalog's: a token of Microsoft is for one of its services, and theirs are for Graph.
    return { name: "oauth", label: "Microsoft account", types: ["oauth2"], required: true };
  }
  return { name: "imap", label: "IMAP server", types: ["custom"], kind: "imap", required: true };
}
