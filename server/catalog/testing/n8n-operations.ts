/** Nodes of n8n for services that have a ready tool: versions, and the operations of each resource as n8n's documentation lists them. */
export interface DocumentedNode {
  type: string;
  versions: readonly number[];
  operations: Readonly<Record<string, readonly string[]>>;
}

const base = (name: string): string => `n8n-nodes-base.${name}`;

export const documentedNodes: readonly DocumentedNode[] = [
  {
    type: base("googleSheets"),
    versions: [1, 2],
    operations: {
      sheet: ["append", "clear", "create", "delete", "lookup", "read", "remove", "update", "upsert"],
      spreadsheet: ["create"],
    },
  },
  {
    type: base("googleSheets"),
    versions: [3, 4, 4.7],
    operations: {
      sheet: ["append", "appendOrUpdate", "clear", "create", "delete", "read", "remove", "update"],
      spreadsheet: ["create", "deleteSpreadsheet"],
    },
  },
  {
    type: base("slack"),
    versions: [1, 2.3],
    operations: {
      channel: [
        "archive",
        "close",
        "create",
        "get",
        "getAll",
        "history",
        "invite",
        "join",
        "kick",
        "leave",
        "member",
        "open",
        "rename",
        "replies",
        "setPurpose",
        "setTopic",
        "unarchive",
      ],
      file: ["get", "getAll", "upload"],
      message: ["delete", "getPermalink", "post", "search", "sendAndWait", "update"],
      reaction: ["add", "get", "remove"],
      star: ["add", "delete", "getAll"],
      user: ["getAll", "getPresence", "getProfile", "info", "updateProfile"],
      userGroup: ["create", "disable", "enable", "getAll", "update"],
    },
  },
  {
    type: base("gmail"),
    versions: [1],
    operations: {
      draft: ["create", "delete", "get", "getAll"],
      label: ["create", "delete", "get", "getAll"],
      message: ["delete", "get", "getAll", "reply", "send"],
      messageLabel: ["add", "remove"],
    },
  },
  {
    type: base("gmail"),
    versions: [2.1],
    operations: {
      draft: ["create", "delete", "get", "getAll"],
      label: ["create", "delete", "get", "getAll"],
      message: ["addLabels", "delete", "get", "getAll", "markAsRead", "markAsUnread", "removeLabels", "reply", "send", "sendAndWait"],
      thread: ["addLabels", "delete", "get", "getAll", "removeLabels", "reply", "trash", "untrash"],
    },
  },
  {
    type: base("telegram"),
    versions: [1.2],
    operations: {
      callback: ["answerInlineQuery", "answerQuery"],
      chat: ["administrators", "get", "leave", "member", "setDescription", "setTitle"],
      file: ["get"],
      message: [
        "deleteMessage",
        "editMessageText",
        "pinChatMessage",
        "sendAndWait",
        "sendAnimation",
        "sendAudio",
        "sendChatAction",
        "sendDocument",
        "sendLocation",
        "sendMediaGroup",
        "sendMessage",
        "sendPhoto",
        "sendSticker",
        "sendVideo",
        "unpinChatMessage",
      ],
    },
  },
  {
    type: base("notion"),
    versions: [1, 2.2],
    operations: {
      block: ["append", "getAll"],
      database: ["get", "getAll", "search"],
      databasePage: ["create", "get", "getAll", "update"],
      page: ["archive", "create", "get", "search"],
      user: ["get", "getAll"],
    },
  },
  { type: base("airtable"), versions: [1], operations: { record: ["append", "delete", "list", "read", "update"] } },
  {
    type: base("airtable"),
    versions: [2.1],
    operations: { base: ["getMany", "getSchema"], record: ["create", "deleteRecord", "get", "search", "update", "upsert"] },
  },
  {
    type: base("github"),
    versions: [1],
    operations: {
      file: ["create", "delete", "edit", "get", "list"],
      issue: ["create", "createComment", "edit", "get", "lock"],
      organization: ["getRepositories"],
      release: ["create", "delete", "get", "getAll", "update"],
      repository: ["get", "getIssues", "getLicense", "getProfile", "getPullRequests", "listPopularPaths", "listReferrers"],
      review: ["create", "get", "getAll", "update"],
      user: ["getRepositories", "getUserIssues", "invite"],
      workflow: ["disable", "dispatch", "dispatchAndWait", "enable", "get", "getUsage", "list"],
    },
  },
  {
    type: base("hubspot"),
    versions: [1, 2.1],
    operations: {
      company: ["create", "delete", "get", "getAll", "getRecentlyCreatedUpdated", "searchByDomain", "update"],
      contact: ["create", "delete", "get", "getAll", "getRecentlyCreatedUpdated", "search", "upsert"],
      contactList: ["add", "remove"],
      deal: ["create", "delete", "get", "getAll", "getRecentlyCreatedUpdated", "search", "update"],
      engagement: ["create", "delete", "get", "getAll"],
      form: ["getFields", "submit"],
      ticket: ["create", "delete", "get", "getAll", "update"],
    },
  },
  {
    type: base("discord"),
    versions: [1, 2],
    operations: {
      channel: ["create", "deleteChannel", "get", "getAll", "update"],
      member: ["getAll", "roleAdd", "roleRemove"],
      message: ["deleteMessage", "get", "getAll", "react", "send", "sendAndWait"],
    },
  },
  {
    type: base("openAi"),
    versions: [1, 1.1],
    operations: { chat: ["complete"], image: ["create"], text: ["complete", "edit", "moderate"] },
  },
  {
    type: "@n8n/n8n-nodes-langchain.openAi",
    versions: [1.8, 2],
    operations: {
      assistant: ["create", "deleteAssistant", "list", "message", "update"],
      audio: ["generate", "transcribe", "translate"],
      conversation: ["create", "get", "remove", "update"],
      file: ["deleteFile", "list", "upload"],
      image: ["analyze", "edit", "generate"],
      text: ["classify", "message", "response"],
      video: ["generate"],
    },
  },
  {
    type: "@n8n/n8n-nodes-langchain.anthropic",
    versions: [1],
    operations: {
      document: ["analyze"],
      file: ["deleteFile", "get", "list", "upload"],
      image: ["analyze"],
      prompt: ["generate", "improve", "templatize"],
      text: ["message"],
    },
  },
];
