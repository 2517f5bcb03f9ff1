import type { Mapped, NodeMapping } from "../source";

/** Send Email 1–2.1. Version 1 sent whatever of text and HTML was there. */
export const emailSend: NodeMapping = (source): Mapped => {
  source.ignore("resource", "options.appendAttribution");
  if (source.text("operation", "send") === "sendAndWait") {
    return { type: "no-op", parameters: {}, placeholder: "waits for an answer to the message, which has no counterpart" };
  }
  const legacy = source.version < 2;
  const option = (name: string): string => source.text(legacy ? name : `options.${name}`);
  const text = source.text("text");
  const html = source.text("html");
  const format = legacy
    ? text !== "" && html !== ""
      ? "both"
      : html !== ""
        ? "html"
        : "text"
    : source.option("emailFormat", { text: "text", html: "html", both: "both" }, "html");
  return {
    type: "send-email",
    parameters: {
      from: source.text("fromEmail"),
      to: source.text("toEmail"),
      subject: source.text("subject"),
      format,
      text,
      html,
      attachments: option("attachments"),
      cc: option("ccEmail"),
      bcc: option("bccEmail"),
      replyTo: source.text("options.replyTo"),
      ignoreTlsErrors: source.flag("options.allowUnauthorizedCerts"),
    },
    credentials: { smtp: "smtp" },
  };
};
