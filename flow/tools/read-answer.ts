import type { Json, JsonObject } from "../item";
import { asText, inputValue } from "./render";
import type { ActionDefinition, AnswerPath } from "./schema";

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a place of an answer; undefined where there is nothing. */
export function valueAt(answer: Json | undefined, path: AnswerPath): Json | undefined {
  if (answer === undefined) return undefined;
  const parts = typeof path === "string" ? path.split(".").filter((part) => part !== "") : path;
  const [first, ...rest] = parts;
  if (first === undefined) return answer;
  if (Array.isArray(answer)) return valueAt(answer[Number(first)], rest);
  return isObject(answer) ? inputValue(answer, parts) : undefined;
}

/** Nothing, as far as an answer's flags and lists are concerned. */
const isNothing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** Why a call failed whose status was good. */
export interface AnswerFailure {
  reason: string;
  /** It may work when it is tried again. */
  retriable: boolean;
}

/** Whether an answer says that the call failed, by the action's rule; null when it did not. */
export function answerFailure({ response }: Pick<ActionDefinition, "response">, answer: Json): AnswerFailure | null {
  const rule = response?.failure;
  if (!rule) return null;
  const found = valueAt(answer, rule.path);
  const failed = rule.equals === undefined ? !isNothing(found) : JSON.stringify(found) === JSON.stringify(rule.equals);
  if (!failed) return null;
  const said = rule.message.map((path) => valueAt(answer, path)).find((value) => !isNothing(value));
  const reason = said === undefined ? "the service gave no reason" : asText(said);
  return { reason: reason.slice(0, 500), retriable: rule.retriable.includes(reason) };
}

/** What of an answer becomes items. An answer that is not as documented is handed on whole. */
export function answerItems({ response }: Pick<ActionDefinition, "response">, answer: Json): Json {
  const found = response?.items === undefined ? answer : valueAt(answer, response.items);
  if (response?.as === "table") return Array.isArray(found) ? tableRows(found) : [];
  // A list that is empty is often left out.
  if (found === undefined || found === null) return isObject(answer) ? [] : answer;
  return found;
}

/** Rows as objects. A column without a name gets its number, one that is named twice its number besides. */
function tableRows([header, ...rows]: Json[]): Json {
  const names: string[] = [];
  for (const [index, cell] of (Array.isArray(header) ? header : []).entries()) {
    const name = asText(cell) || `column_${index + 1}`;
    names.push(names.includes(name) ? `${name}_${index + 1}` : name);
  }
  return rows.map((row) => {
    const cells = Array.isArray(row) ? row : [];
    const longer = cells.slice(names.length).map((_, index) => `column_${names.length + index + 1}`);
    return Object.fromEntries([...names, ...longer].map((name, index) => [name, cells[index] ?? ""]));
  });
}
