import type { Json } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, listed, listing, located, parsedJson, reads, serviceNode, writes } from "./action-node";

const channel = (source: Source): Json | undefined =>
  located(source, "channelId", /\/(?:archives|client\/[A-Z0-9]+)\/([A-Z0-9]+)/) ?? given(source, "channel");
const user = (source: Source, path = "user"): Json | undefined => located(source, path);
const time = (source: Source, path: string): Json | undefined => {
  const value = source.get(path);
  return typeof value === "number" ? String(value) : (value ?? undefined);
};

/** Blocks are kept as the text that Slack's builder gives, which is an object that holds them. */
function blocks(source: Source): Json | undefined {
  const value = parsedJson(source, "blocksUi");
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value.blocks ?? undefined) : value;
}

function message(source: Source, options = "otherOptions") {
  source.ignore("messageType", "select", `${options}.includeLinkToWorkflow`, "otherOptions.includeLinkToWorkflow");
  const target = source.text("select", "channel") === "user" ? user(source) : channel(source);
  const reply = `${options}.thread_ts.replyValues`;
  const profile = `${options}.botProfile.imageValues`;
  source.ignore(`${profile}.profilePhotoType`);
  return {
    channel: target,
    text: given(source, "text"),
    blocks: blocks(source),
    attachments: Array.isArray(source.get("attachments")) ? given(source, "attachments") : undefined,
    thread_ts: time(source, `${reply}.thread_ts`),
    reply_broadcast: given(source, `${reply}.reply_broadcast`),
    mrkdwn: given(source, `${options}.mrkdwn`),
    unfurl_links: given(source, `${options}.unfurl_links`),
    unfurl_media: given(source, `${options}.unfurl_media`),
    link_names: given(source, `${options}.link_names`),
    icon_emoji: given(source, `${profile}.icon_emoji`),
    icon_url: given(source, `${profile}.icon_url`),
  };
}

const page = (source: Source) => listing(source, "limit", 999);

const ofChannel =
  (action: string, ...names: string[]) =>
  (source: Source) =>
    writes(action, { channel: channel(source), ...Object.fromEntries(names.map((name) => [name, given(source, name)])) });

/** Slack 1–2.7. */
export const slack: NodeMapping = serviceNode(
  { key: "slack", auth: "oauth2" },
  {
    "message:post": (source) =>
      source.has("otherOptions.ephemeral")
        ? writes("send-ephemeral-message", {
            ...Object.fromEntries(
              Object.entries(message(source)).filter(([name]) => ["channel", "text", "blocks", "attachments", "thread_ts"].includes(name)),
            ),
            user: located(source, "otherOptions.ephemeral.ephemeralValues.user"),
          })
        : writes("send-message", message(source)),
    "message:update": (source) => {
      source.ignore("messageType", "otherOptions.includeLinkToWorkflow", "updateFields.parse");
      return writes("update-message", {
        channel: channel(source),
        ts: time(source, "ts"),
        text: given(source, "text"),
        blocks: blocks(source),
        link_names: given(source, "updateFields.link_names"),
      });
    },
    "message:delete": (source) => {
      const target = source.text("select", "channel") === "user" ? user(source) : channel(source);
      return writes("delete-message", { channel: target, ts: time(source, "timestamp") });
    },
    "message:getPermalink": (source) => reads("get-permalink", { channel: channel(source), message_ts: time(source, "timestamp") }),
    "message:search": (source) => {
      const { inputs, parameters } = listing(source, "count", 100, { fallback: 25 });
      source.ignore("options.searchChannel");
      if (source.has("options.searchChannel")) source.missing("options.searchChannel", "write in:#channel into the words instead");
      const [sort, sort_dir] = { desc: ["timestamp", "desc"], asc: ["timestamp", "asc"] }[source.text("sort", "desc")] ?? ["score", "desc"];
      return reads("search-messages", { query: given(source, "query"), sort, sort_dir, ...inputs }, parameters);
    },
    "channel:create": (source) =>
      writes("create-channel", { name: given(source, "channelId"), is_private: source.text("channelVisibility", "public") === "private" }),
    "channel:get": (source) =>
      reads("get-channel", { channel: channel(source), include_num_members: given(source, "options.includeNumMembers") }),
    "channel:getAll": (source) => {
      const { inputs, parameters } = page(source);
      const types = source.get("filters.types");
      return reads(
        "list-channels",
        {
          ...inputs,
          types: Array.isArray(types) ? types.join(",") : (types ?? undefined),
          exclude_archived: given(source, "filters.excludeArchived"),
        },
        parameters,
      );
    },
    "channel:history": (source) => {
      const { inputs, parameters } = page(source);
      const { oldest, latest } = { oldest: given(source, "filters.oldest"), latest: given(source, "filters.latest") };
      if (oldest !== undefined || latest !== undefined) source.changed("filters", "after and before are seconds since 1970 here");
      return reads(
        "list-messages",
        { channel: channel(source), ...inputs, oldest, latest, inclusive: given(source, "filters.inclusive") },
        parameters,
      );
    },
    "channel:replies": (source) => {
      const { inputs, parameters } = page(source);
      return reads("list-replies", { channel: channel(source), ts: time(source, "ts"), ...inputs }, parameters);
    },
    "channel:member": (source) => {
      const { inputs, parameters } = listing(source, "limit", 999, { fallback: 100 });
      if (source.fixedFlag("resolveData")) source.missing("resolveData", "members are ids; get the users for more");
      return reads("list-members", { channel: channel(source), ...inputs }, parameters);
    },
    "channel:invite": (source) => {
      const users = source.get("userIds");
      return writes("invite-to-channel", {
        channel: channel(source),
        users: Array.isArray(users) ? users.join(",") : (users ?? undefined),
      });
    },
    "channel:kick": (source) => writes("remove-from-channel", { channel: channel(source), user: user(source, "userId") }),
    "channel:join": ofChannel("join-channel"),
    "channel:unarchive": ofChannel("unarchive-channel"),
    "channel:leave": ofChannel("leave-channel"),
    "channel:close": ofChannel("close-conversation"),
    "channel:open": (source) => {
      const users = source.get("options.users");
      source.ignore("options.returnIm");
      return writes("open-conversation", { users: Array.isArray(users) ? users.join(",") : (users ?? undefined) });
    },
    "channel:archive": ofChannel("archive-channel"),
    "channel:rename": ofChannel("rename-channel", "name"),
    "channel:setPurpose": ofChannel("set-purpose", "purpose"),
    "channel:setTopic": ofChannel("set-topic", "topic"),
    "reaction:add": (source) =>
      writes("add-reaction", { channel: channel(source), timestamp: time(source, "timestamp"), name: given(source, "name") }),
    "reaction:remove": (source) =>
      writes("remove-reaction", { channel: channel(source), timestamp: time(source, "timestamp"), name: given(source, "name") }),
    "reaction:get": (source) => reads("get-reactions", { channel: channel(source), timestamp: time(source, "timestamp") }),
    "user:info": (source) => reads("get-user", { user: user(source) }),
    "user:getAll": (source) => {
      const { inputs, parameters } = page(source);
      return reads("list-users", inputs, parameters);
    },
    "user:getPresence": (source) => reads("get-presence", { user: user(source) }),
    "user:getProfile": (source) => reads("get-profile", { user: user(source) }),
    "user:lookupByEmail": (source) => reads("find-user-by-email", { email: given(source, "email") }),
    "userGroup:getAll": (source) => {
      source.ignore("returnAll", "limit");
      return reads("list-user-groups", {
        include_users: given(source, "options.include_users"),
        include_count: given(source, "options.include_count"),
      });
    },
    "file:get": (source) => reads("get-file", { file: given(source, "fileId") }),
    "file:getAll": (source) => {
      const { inputs, parameters } = listing(source, "count", 1000);
      return reads(
        "list-files",
        {
          channel: located(source, "filters.channelId"),
          user: given(source, "filters.userId"),
          types: joined(listed(source, "filters.types")),
          ...inputs,
        },
        parameters,
      );
    },
  },
  {
    resource: "message",
    operation: { message: "post", channel: "create", reaction: "add", user: "info", file: "upload", userGroup: "create" },
  },
);

const joined = (value: Json | undefined): Json | undefined => (Array.isArray(value) ? value.join(",") : value);
