import { FatalError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import { getField } from "@/flow/node/field-path";
import type { PollContext, PollResult } from "@/flow/node/poll";
import { type Entry, newEntries, newestOf } from "./new-entries";

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** The list at a path of an answer; where there is no path, the answer itself. @throws FatalError where there is no list */
export function listAt(answer: Json, path: string): Json[] {
  const found =
    path.trim() === "" ? answer : isObject(answer) || Array.isArray(answer) ? getField(answer as JsonObject, path.trim()) : undefined;
  if (Array.isArray(found)) return found;
  const lists = isObject(answer) ? Object.keys(answer).filter((key) => Array.isArray(answer[key])) : [];
  const hint = lists.length > 0 ? ` There is one in: ${lists.join(", ")}` : "";
  throw new FatalError(path.trim() === "" ? `The answer is not a list.${hint}` : `There is no list at "${path}" of the answer.${hint}`);
}

/** What the parameters of `entryFields` say. */
export interface ListSettings {
  identify: "field" | "position";
  idField: string;
  mode: "new" | "changed" | "updated";
  changeField: string;
  order: "any" | "newestFirst";
}

/** What is new in a list since the last poll; its newest entry for a test. */
export function pollList(
  list: readonly Json[],
  settings: ListSettings,
  { cursor, test }: Pick<PollContext, "cursor" | "test">,
): PollResult {
  const entries = entriesOf(list, settings);
  if (test) return newestOf(entries);
  return newEntries(entries, cursor, {
    isSorted: settings.identify === "field" && settings.order === "newestFirst",
    onlyChanges: settings.mode === "updated",
    forgetsGone: settings.identify === "position",
  });
}

/** Entries of a list as they are compared, the newest last: lists nearly always begin with the newest, tables end with it. */
export function entriesOf(list: readonly Json[], { identify, idField, mode, changeField }: Omit<ListSettings, "order">): Entry[] {
  const read = (entry: Json, path: string): Json | undefined =>
    isObject(entry) && path.trim() !== "" ? getField(entry, path.trim()) : undefined;
  const entries = list.map((entry, index): Entry => {
    const id = identify === "position" ? index + 1 : read(entry, idField);
    const hasId = id !== undefined && id !== null && id !== "";
    const content = changeField.trim() === "" ? entry : (read(entry, changeField) ?? null);
    return {
      id: hasId && typeof id !== "object" ? String(id) : JSON.stringify(hasId ? id : entry),
      ...(mode !== "new" && { content }),
      item: { json: isObject(entry) ? entry : { value: entry } },
    };
  });
  return identify === "position" ? entries : entries.reverse();
}
