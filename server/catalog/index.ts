import type { CatalogTool, ToolDefinition } from "@/flow/tools/schema";

/** A ready tool as lists show it; its actions are loaded when somebody asks for them. */
export interface CatalogEntry extends Pick<ToolDefinition, "key" | "name" | "description" | "icon"> {
  load: () => Promise<CatalogTool>;
}

/** The tools that come with the product. Nothing of their actions is read before one is used. */
const entries: readonly CatalogEntry[] = [
  {
    key: "airtable",
    name: "Airtable",
    icon: "rows-3",
    description: "Records, tables and bases of Airtable, with a personal access token.",
    load: async () => (await import("./airtable")).airtable,
  },
  {
    key: "anthropic",
    name: "Anthropic",
    icon: "sparkles",
    description: "Messages of Claude, batches and token counts of Anthropic's API.",
    load: async () => (await import("./anthropic")).anthropic,
  },
  {
    key: "discord",
    name: "Discord",
    icon: "message-square",
    description: "Messages, channels, members and roles of Discord servers, with the token of a bot.",
    load: async () => (await import("./discord")).discord,
  },
  {
    key: "facebook-pages",
    name: "Facebook Pages",
    icon: "thumbs-up",
    description: "Posts, photos, comments and figures of pages. Writing as a page needs the page's own access token as credential.",
    load: async () => (await import("./facebook-pages")).facebookPages,
  },
  {
    key: "github",
    name: "GitHub",
    icon: "git-branch",
    description: "Issues, pull requests, files, releases and workflows of repositories.",
    load: async () => (await import("./github")).github,
  },
  {
    key: "gmail",
    name: "Gmail",
    icon: "mail",
    description: "Messages, drafts, threads and labels of a Gmail account.",
    load: async () => (await import("./gmail")).gmail,
  },
  {
    key: "google-calendar",
    name: "Google Calendar",
    icon: "calendar",
    description: "Events and calendars of Google Calendar, and when people are free.",
    load: async () => (await import("./google-calendar")).googleCalendar,
  },
  {
    key: "google-drive",
    name: "Google Drive",
    icon: "file-text",
    description: "Files, folders and permissions in Google Drive.",
    load: async () => (await import("./google-drive")).googleDrive,
  },
  {
    key: "google-sheets",
    name: "Google Sheets",
    icon: "table",
    description: "Rows, cells and sheets of Google's spreadsheets.",
    load: async () => (await import("./google-sheets")).googleSheets,
  },
  {
    key: "hubspot",
    name: "HubSpot",
    icon: "contact-round",
    description: "Contacts, companies, deals, tickets and notes of the CRM, with the access token of a private app.",
    load: async () => (await import("./hubspot")).hubspot,
  },
  {
    key: "jira",
    name: "Jira",
    icon: "square-kanban",
    description: "Issues, comments and projects of Jira Cloud. The credential has your site, email address and API token.",
    load: async () => (await import("./jira")).jira,
  },
  {
    key: "linear",
    name: "Linear",
    icon: "list-todo",
    description: "Issues, comments, projects and teams, with a personal API key.",
    load: async () => (await import("./linear")).linear,
  },
  {
    key: "linkedin",
    name: "LinkedIn",
    icon: "briefcase-business",
    description: "Posts and comments of members and organizations.",
    load: async () => (await import("./linkedin")).linkedin,
  },
  {
    key: "excel",
    name: "Microsoft Excel",
    icon: "sheet",
    description: "Rows, tables and worksheets of workbooks in OneDrive for work.",
    load: async () => (await import("./excel")).excel,
  },
  {
    key: "onedrive",
    name: "Microsoft OneDrive",
    icon: "cloud",
    description: "Files and folders of OneDrive: upload, download, find and share.",
    load: async () => (await import("./onedrive")).onedrive,
  },
  {
    key: "outlook",
    name: "Microsoft Outlook",
    icon: "mail",
    description: "Email, calendars and contacts of Microsoft 365.",
    load: async () => (await import("./outlook")).outlook,
  },
  {
    key: "teams",
    name: "Microsoft Teams",
    icon: "messages-square",
    description: "Messages in channels and chats, meetings and Planner tasks.",
    load: async () => (await import("./teams")).teams,
  },
  {
    key: "notion",
    name: "Notion",
    icon: "sticky-note",
    description: "Pages, databases, blocks and comments of a Notion workspace, with the token of an integration.",
    load: async () => (await import("./notion")).notion,
  },
  {
    key: "openai",
    name: "OpenAI",
    icon: "bot",
    description: "Chat, embeddings, images, speech and files of OpenAI's API.",
    load: async () => (await import("./openai")).openai,
  },
  {
    key: "openai-compatible",
    name: "OpenAI-compatible chat",
    icon: "bot-message-square",
    description: "Models of any service that speaks OpenAI's chat API, at the base URL of its credential.",
    load: async () => (await import("./openai-compatible")).openaiCompatible,
  },
  {
    key: "sendgrid",
    name: "SendGrid",
    icon: "mail",
    description: "Email, marketing contacts and lists of Twilio SendGrid.",
    load: async () => (await import("./sendgrid")).sendgrid,
  },
  {
    key: "slack",
    name: "Slack",
    icon: "hash",
    description: "Messages, channels, people, reactions and files of a Slack workspace.",
    load: async () => (await import("./slack")).slack,
  },
  {
    key: "stripe",
    name: "Stripe",
    icon: "credit-card",
    description: "Customers, payments, invoices and subscriptions.",
    load: async () => (await import("./stripe")).stripe,
  },
  {
    key: "telegram",
    name: "Telegram",
    icon: "send",
    description: "Messages, pictures and chats of a Telegram bot.",
    load: async () => (await import("./telegram")).telegram,
  },
  {
    key: "twilio",
    name: "Twilio",
    icon: "message-circle",
    description: "Text messages, WhatsApp and calls. User name is the account SID, password the auth token.",
    load: async () => (await import("./twilio")).twilio,
  },
];

const byKey = new Map(entries.map((entry) => [entry.key, entry]));
const loaded = new Map<string, Promise<CatalogTool>>();

export const catalogEntries = (): readonly CatalogEntry[] => entries;

export const isCatalogKey = (key: string): boolean => byKey.has(key);

/** A tool of the catalog with its actions; null for a key that it does not have. Loaded once. */
export async function catalogTool(key: string): Promise<CatalogTool | null> {
  const entry = byKey.get(key);
  if (!entry) return null;
  let loading = loaded.get(key);
  if (!loading) {
    loading = entry.load();
    loaded.set(key, loading);
    loading.catch(() => loaded.delete(key));
  }
  return loading;
}
