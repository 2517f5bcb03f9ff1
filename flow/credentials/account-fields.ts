import type { CredentialField } from "./fields";

const open = (name: string, label: string, description: string): CredentialField => ({
  name,
  label,
  description,
  sensitive: false,
  required: true,
});

/** What credentials of ready tools hold beside the secrets of their type: where the account is. By the tool's key. */
const ACCOUNT_FIELDS: Readonly<Record<string, readonly CredentialField[]>> = {
  jira: [open("domain", "Site", "your-site.atlassian.net")],
  "openai-compatible": [
    open("base_url", "Base URL", "What comes before /chat/completions, such as https://api.mistral.ai/v1 or http://localhost:11434/v1."),
  ],
};

export const accountFieldsOf = (toolKey: string | undefined): readonly CredentialField[] =>
  toolKey !== undefined && Object.hasOwn(ACCOUNT_FIELDS, toolKey) ? (ACCOUNT_FIELDS[toolKey] ?? []) : [];
