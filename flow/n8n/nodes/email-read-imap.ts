import type { NodeMapping } from "../source";

/** Email Trigger (IMAP) 1–2.1. */
export const emailReadImap: NodeMapping = (source) => {
  source.ignore("options.forceReconnect", "options.trackLastMessageId");
  source.note(null, "n8n is told of new messages by the server; here the mailbox is looked at every minute");
  const format = source.option("format", { simple: "simple", resolved: "resolved", raw: "raw" }, "simple");
  return {
    type: "imap-trigger",
    parameters: {
      mailbox: source.text("mailbox", "INBOX"),
      postProcess: source.option("postProcessAction", { read: "read", nothing: "nothing" }, "read"),
      format,
      // The resolved format has them always.
      attachments: format === "resolved" ? true : source.flag("downloadAttachments"),
      prefix: source.text("dataPropertyAttachmentsPrefixName") || "attachment_",
      custom: source.value("options.customEmailConfig", '["UNSEEN"]'),
      rules: [{ every: "minutes", interval: 1 }],
    },
    inputs: [],
    credentials: { imap: "imap" },
  };
};
