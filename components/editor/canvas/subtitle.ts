import type { Json, JsonObject } from "@/flow/item";
import { CONDITION_OPERATORS } from "@/flow/node/condition-operators";
import type { AnyNodeDefinition } from "@/flow/node/define-node";
import { formatCount } from "../format";
import { readConditions } from "../inspector/controls/conditions-model";
import { effectiveValue, type FieldModel, formOf, isExpression, isShown } from "../inspector/form-model";
import { singular } from "../inspector/singular";

const MAX_LENGTH = 60;

const short = (text: string): string => (text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text);

/** Text of a value as it fits on a card: an expression without its leading `=`. */
const shown = (value: Json | undefined): string => {
  if (typeof value === "string") return (isExpression(value) ? value.slice(1) : value).replace(/\s+/g, " ").trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
};

const label = (field: FieldModel, value: Json | undefined): string =>
  field.options?.find((option) => option.value === value)?.label ?? shown(value);

/** Fields that say best what a node does, in the order in which they are asked. */
const TELLING = ["url", "path", "operation", "mode", "resource", "resume", "rule", "language", "respondWith", "message"];

/**
 * One line that tells nodes of a kind apart, from their parameters: `GET api.example.com/orders`, `3 fields`, `2 rules`.
 * Empty when the parameters say nothing.
 */
export function subtitleOf(definition: AnyNodeDefinition, parameters: JsonObject): string {
  const form = formOf(definition);
  const visible = form.filter((field) => isShown(field, form, parameters));
  const named = (name: string) => visible.find((field) => field.name === name);

  const url = named("url");
  const method = named("method") ?? named("httpMethod");
  if (url) {
    const target = shown(effectiveValue(url, parameters)).replace(/^https?:\/\//, "");
    if (target === "") return "";
    return short(method ? `${label(method, effectiveValue(method, parameters))} ${target}` : target);
  }
  const path = named("path");
  if (path && method) return short(`${label(method, effectiveValue(method, parameters))} /${shown(effectiveValue(path, parameters))}`);

  const mailbox = definition.trigger && named("mailbox");
  if (mailbox) return short(shown(effectiveValue(mailbox, parameters)));

  for (const field of visible) {
    if (field.control !== "list") continue;
    const value = effectiveValue(field, parameters);
    if (!Array.isArray(value) || value.length === 0) continue;
    return formatCount(value.length, singular(field.title));
  }
  const conditions = visible.find((field) => field.control === "conditions");
  if (conditions) return short(conditionsText(effectiveValue(conditions, parameters)));

  for (const name of TELLING) {
    const field = named(name);
    const text =
      field && ["text", "textarea", "select", "number"].includes(field.control) ? label(field, effectiveValue(field, parameters)) : "";
    if (text !== "") return short(text);
  }
  const choice = visible.find((field) => field.control === "select");
  return choice ? short(label(choice, effectiveValue(choice, parameters))) : "";
}

const SIGNS: Record<string, string> = { equals: "=", notEquals: "≠", gt: ">", lt: "<", gte: "≥", lte: "≤" };

/** `{{ $json.total }}` → `total`: on a card the item's fields need no more than their names. */
const plain = (text: string): string => text.replace(/^\{\{\s*(?:\$json\.)?([^{}]*?)\s*\}\}$/, "$1");

function conditionsText(value: Json | undefined): string {
  const { conditions } = readConditions(value);
  const [first, ...rest] = conditions;
  if (!first) return "";
  const { type, operation } = first.operator;
  const operator = CONDITION_OPERATORS[type].find((each) => each.operation === operation);
  const right = operator?.unary ? "" : plain(shown(first.rightValue));
  const text = [plain(shown(first.leftValue)), SIGNS[operation] ?? operator?.label ?? operation, right].filter(Boolean).join(" ");
  return rest.length > 0 ? `${text} +${rest.length}` : text;
}
