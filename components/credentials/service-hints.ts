/** Where a service gives out what a credential for it is made of. */
export interface ServiceHint {
  /** Where to find it, and what it must be allowed to do. */
  text: string;
  /** The page there. */
  url?: string;
  /** What the service calls the fields, by their names. */
  labels?: Readonly<Record<string, string>>;
}

const google: ServiceHint = {
  text: "Sign in with the Google account whose data the flow works with.",
  url: "https://console.cloud.google.com/apis/credentials",
};
const microsoft: ServiceHint = {
  text: "Sign in with the work account whose data the flow works with. Some organizations want an administrator's consent first.",
  url: "https://entra.microsoft.com/",
};

/** Of the tools that come with the product, by their keys. */
export const TOOL_HINTS: Readonly<Record<string, ServiceHint>> = {
  airtable: {
    text: "A personal access token with the scopes data.records:read, data.records:write and schema.bases:read, for the bases that the flow works with.",
    url: "https://airtable.com/create/tokens",
    labels: { token: "Personal access token" },
  },
  anthropic: { text: "A key of the Claude console: Settings, API keys.", url: "https://console.anthropic.com/settings/keys" },
  discord: {
    text: "Your application's Bot page gives the token by “Reset Token”. The bot has to be a member of the server.",
    url: "https://discord.com/developers/applications",
    labels: { token: "Bot token" },
  },
  excel: microsoft,
  "facebook-pages": {
    text: "Reading works with an account. Writing as a page takes the page's own access token, from the Graph API Explorer.",
    url: "https://developers.facebook.com/tools/explorer/",
    labels: { token: "Page access token" },
  },
  github: {
    text: "A personal access token for the repositories that the flow works with, or an account to sign in with.",
    url: "https://github.com/settings/personal-access-tokens",
    labels: { token: "Personal access token" },
  },
  gmail: google,
  "google-calendar": google,
  "google-drive": google,
  "google-sheets": google,
  hubspot: {
    text: "Settings, Integrations, Private apps: make one with the scopes of the objects that the flow works with, and copy its access token.",
    url: "https://app.hubspot.com/private-apps/",
    labels: { token: "Access token" },
  },
  jira: {
    text: "The address of your site, the email address that you sign in with, and an API token of your Atlassian account.",
    url: "https://id.atlassian.com/manage-profile/security/api-tokens",
    labels: { username: "Email address", password: "API token" },
  },
  linear: {
    text: "Settings, Security and access, Personal API keys. It begins with lin_api_.",
    url: "https://linear.app/settings/account/security",
    labels: { api_key: "Personal API key" },
  },
  linkedin: {
    text: "Sign in with the member who posts. The app needs the product “Share on LinkedIn”.",
    url: "https://www.linkedin.com/developers/apps",
  },
  notion: {
    text: "An internal integration's secret. Add the integration to each page or database that the flow works with.",
    url: "https://www.notion.so/profile/integrations",
    labels: { token: "Integration secret" },
  },
  onedrive: microsoft,
  openai: { text: "A secret key of the project that pays.", url: "https://platform.openai.com/api-keys", labels: { token: "API key" } },
  "openai-compatible": {
    text: "The address and the key that the service gives you. A local one takes any text of 8 characters as its key.",
    labels: { token: "API key" },
  },
  outlook: microsoft,
  sendgrid: {
    text: "An API key with the access that the flow needs; “Mail Send” to send. It begins with SG.",
    url: "https://app.sendgrid.com/settings/api_keys",
    labels: { token: "API key" },
  },
  slack: {
    text: "Your app's page “OAuth & Permissions” has the bot token, xoxb-…, once the app is installed. The bot writes into channels that it was invited to.",
    url: "https://api.slack.com/apps",
    labels: { token: "Bot token" },
  },
  stripe: {
    text: "Developers, API keys: a secret key, or better a restricted one with only what the flow needs. Those that begin with sk_test_ work on test data.",
    url: "https://dashboard.stripe.com/apikeys",
    labels: { token: "Secret key" },
  },
  teams: microsoft,
  telegram: {
    text: "Write /newbot to BotFather. It answers with the token, 123456:ABC….",
    url: "https://t.me/BotFather",
    labels: { token: "Bot token" },
  },
  twilio: {
    text: "Account SID and auth token are on the console's first page.",
    url: "https://console.twilio.com/",
    labels: { username: "Account SID", password: "Auth token" },
  },
};

const database: ServiceHint = {
  text: "The server must be reachable from here. A user of its own, with only the rights that flows need, is safest.",
};
const mailbox: ServiceHint = {
  text: "Providers with two-step sign-in, such as Gmail, take an app password in place of the account's own.",
};

/** Of servers, by the kinds' keys. */
export const KIND_HINTS: Readonly<Record<string, ServiceHint>> = {
  postgres: database,
  mysql: database,
  mongodb: { text: "The server must be reachable from here. For Atlas, allow this server's address under Network Access." },
  redis: { text: "The server must be reachable from here. Hosted ones mostly want TLS." },
  s3: {
    text: "An access key of an IAM user with rights on the buckets. Other services with S3's API go by their endpoint.",
    url: "https://console.aws.amazon.com/iam/home#/users",
  },
  ftp: {
    text: "Without TLS the password and the files go over the network for everybody to read. Where a server has none, choose so under TLS.",
  },
  sftp: { text: "Leave the fingerprint empty at first: the test names the server's, to be compared and entered." },
  smtp: mailbox,
  imap: mailbox,
};
