import type { JsonObject } from "../../item";
import type { NodeMapping } from "../source";

const TYPES = { automatic: "automatic", string: "string", hash: "hash", list: "list", sets: "set" };

/** Redis 1. */
export const redis: NodeMapping = (source) => {
  source.ignore("options.dotNotation", "valueIsJSON");
  const expireSeconds = source.flag("expire") === true ? source.number("ttl", 60) : 0;
  const keyType = (): string => source.option("keyType", TYPES, "automatic");
  const given = ((): JsonObject | null => {
    const operation = source.text("operation", "info");
    switch (operation) {
      case "get":
        return { operation, key: source.text("key"), keyType: keyType(), outputField: source.text("propertyName", "propertyName") };
      case "set":
        return { operation, key: source.text("key"), keyType: keyType(), value: source.value("value", ""), expireSeconds };
      case "delete":
        return { operation, key: source.text("key") };
      case "incr":
        return { operation: "increment", key: source.text("key"), expireSeconds };
      case "keys":
        return { operation, pattern: source.text("keyPattern", "*"), withValues: source.flag("getValues", true) };
      case "push":
        return { operation, list: source.text("list"), message: source.value("messageData", ""), tail: source.flag("tail") };
      case "pop":
        return {
          operation,
          list: source.text("list"),
          tail: source.flag("tail"),
          outputField: source.text("propertyName", "propertyName"),
        };
      case "llen":
        return { operation: "length", list: source.text("list") };
      case "publish":
        return { operation, channel: source.text("channel"), message: source.value("messageData", "") };
      case "info":
        return { operation };
      default:
        return null;
    }
  })();
  if (!given) return { type: "no-op", parameters: {}, placeholder: `does "${source.text("operation")}", which has no counterpart` };
  return { type: "redis", parameters: given, credentials: { redis: "redis" } };
};
