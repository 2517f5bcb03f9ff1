import type { Json, JsonObject } from "../../item";
import type { Mapped, NodeMapping, Source } from "../source";
import { given, listing, located, reads, type ServiceCall, serviceNode, writes } from "./action-node";

const guild = (source: Source) => ({ guild_id: located(source, "guildId", /channels\/(\d+)/) });
const channel = (source: Source) => {
  source.ignore("guildId");
  return { channel_id: located(source, "channelId", /channels\/\d+\/(\d+)/) };
};
const messageId = (source: Source) => ({ message_id: given(source, "messageId") });

function embeds(source: Source): Json | undefined {
  const made = source.list("embeds.values").map((embed): JsonObject => {
    const { inputMethod, json, author, color, image, thumbnail, video, ...rest } = embed;
    if (inputMethod === "json")
      return typeof json === "string" && !json.startsWith("=") ? (JSON.parse(json) as JsonObject) : (json as JsonObject);
    return {
      ...rest,
      ...(author !== undefined && author !== "" && { author: { name: author } }),
      ...(typeof color === "string" && /^#[0-9a-f]{6}$/i.test(color) && { color: Number.parseInt(color.slice(1), 16) }),
      ...Object.fromEntries(Object.entries({ image, thumbnail, video }).flatMap(([name, url]) => (url ? [[name, { url }]] : []))),
    };
  });
  return made.length > 0 ? made : undefined;
}

function send(source: Source): ServiceCall | string {
  if (source.text("sendTo", "channel") === "user") return "sends to a person, which has no counterpart: open a direct message first";
  const files = source.list("files.values");
  const [first] = files;
  if (files.length > 1) return "sends several files, which has no counterpart";
  source.ignore("files.values");
  if (first) return writes("send-file", { ...channel(source), content: given(source, "content"), file: first.inputFieldName ?? "data" });
  const flags = source.get("options.flags");
  const bits: Readonly<Record<string, number>> = { SUPPRESS_EMBEDS: 4, SUPPRESS_NOTIFICATIONS: 4096 };
  return writes("send-message", {
    ...channel(source),
    content: given(source, "content"),
    embeds: embeds(source),
    reply_to: given(source, "options.message_reference"),
    tts: given(source, "options.tts"),
    flags: Array.isArray(flags) && flags.length > 0 ? flags.reduce<number>((sum, flag) => sum + (bits[String(flag)] ?? 0), 0) : undefined,
  });
}

const roles =
  (action: string) =>
  (source: Source): ServiceCall | string => {
    const role = source.get("role");
    if (!Array.isArray(role) || role.length !== 1) return "gives or takes several roles, which has no counterpart";
    return writes(action, { ...guild(source), user_id: located(source, "userId"), role_id: role[0] });
  };

const options = (source: Source, names: readonly string[]) => ({
  ...Object.fromEntries(names.map((name) => [name, given(source, `options.${name}`)])),
  parent_id: located(source, "options.categoryId"),
});

const current = serviceNode(
  { key: "discord", auth: "custom" },
  {
    "message:send": send,
    "message:get": (source) => {
      source.ignore("options.simplify");
      return reads("get-message", { ...channel(source), ...messageId(source) });
    },
    "message:getAll": (source) => {
      source.ignore("options.simplify");
      const { inputs, parameters } = listing(source, "limit", 100, { fallback: 100 });
      return reads("list-messages", { ...channel(source), ...inputs }, parameters);
    },
    "message:deleteMessage": (source) => writes("delete-message", { ...channel(source), ...messageId(source) }),
    "message:react": (source) => writes("add-reaction", { ...channel(source), ...messageId(source), emoji: given(source, "emoji") }),
    "channel:create": (source) =>
      writes("create-channel", {
        ...guild(source),
        name: given(source, "name"),
        type: Number(source.text("type", "0")),
        ...options(source, ["nsfw", "position", "rate_limit_per_user", "topic"]),
      }),
    "channel:get": (source) => reads("get-channel", channel(source)),
    "channel:getAll": (source) => {
      source.ignore("returnAll", "limit", "options.filter");
      return reads("list-channels", guild(source));
    },
    "channel:update": (source) =>
      writes("update-channel", {
        ...channel(source),
        name: given(source, "name"),
        ...options(source, ["nsfw", "position", "rate_limit_per_user", "topic"]),
      }),
    "channel:deleteChannel": (source) => writes("delete-channel", channel(source)),
    "member:getAll": (source) => {
      source.ignore("options.simplify", "after");
      const { inputs, parameters } = listing(source, "limit", 1000, { fallback: 100 });
      return reads("list-members", { ...guild(source), ...inputs }, parameters);
    },
    "member:roleAdd": roles("add-role"),
    "member:roleRemove": roles("remove-role"),
  },
  { resource: "channel", operation: { channel: "create", message: "send", member: "getAll" } },
);

/** A webhook is called by its secret address, which is a parameter in the first version and a credential afterwards. */
function webhook(source: Source): Mapped {
  source.ignore(
    "authentication",
    "resource",
    "operation",
    "requestOptions",
    "options.maxRetries",
    "options.wait",
    "options.flags",
    "files",
  );
  if (source.list("files.values").length > 0) source.missing("files", "files are not sent");
  const address = source.text("webhookUri");
  if (address === "") source.missing("credentials", "its address is in the credential: put it into the field URL");
  const body = {
    content: given(source, "content") ?? given(source, "text"),
    username: given(source, "options.username"),
    avatar_url: given(source, "options.avatar_url") ?? given(source, "options.avatarUrl"),
    tts: given(source, "options.tts"),
    embeds: embeds(source) ?? parsedOption(source, "embeds"),
    components: parsedOption(source, "components"),
    allowed_mentions: parsedOption(source, "allowedMentions"),
  };
  const written = Object.entries(body).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== "");
  return {
    type: "http-request",
    parameters: { method: "POST", url: address, body: "json", bodyFormat: "json", bodyJson: Object.fromEntries(written) },
  };
}

/** JSON that the first version keeps as text. */
function parsedOption(source: Source, name: string): Json | undefined {
  const value = source.get(`options.${name}`);
  if (typeof value !== "string" || value === "" || value.startsWith("=")) return value === "" ? undefined : (value ?? undefined);
  try {
    return JSON.parse(value) as Json;
  } catch {
    source.missing(`options.${name}`, "is not JSON and is left out");
    return undefined;
  }
}

/** Discord 1–2. */
export const discord: NodeMapping = (source) =>
  source.version < 2 || source.text("authentication", "botToken") === "webhook" ? webhook(source) : current(source);
