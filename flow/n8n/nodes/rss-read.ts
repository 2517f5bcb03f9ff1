import type { NodeMapping } from "../source";

/** RSS Read 1–1.2. Version 1 read once, whatever the number of items. */
export const rssFeedRead: NodeMapping = (source) => ({
  type: "rss-read",
  parameters: {
    url: source.text("url"),
    customFields: source.text("options.customFields"),
    ignoreTlsErrors: source.flag("options.ignoreSSL"),
    ...(source.version < 1.1 && { firstItemOnly: true }),
  },
});
