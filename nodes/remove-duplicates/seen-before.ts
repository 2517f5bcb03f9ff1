import { createHash } from "node:crypto";
import { DateTime } from "luxon";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { Item, Json } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import { canonical } from "../equal-values";
import type { removeDuplicates } from "./definition";

type Parameters = z.infer<typeof removeDuplicates.parameters>;
type Context = NodeContext<Parameters>;

const KEYS = { new: "$seen", higher: "$seen.highest", later: "$seen.latest" } as const;
const HASH_CHARACTERS = 16;

/** What is remembered: `added` at its end were added by `visit`, so that a visit that is run again does not take its own for earlier. */
interface Seen {
  values: string[];
  visit: string;
  added: number;
}

interface Mark {
  value: number;
  visit: string;
  before: number | null;
}

/** Splits items into those that are new, and those of earlier executions, and remembers the new ones. */
export async function splitBySeen(context: Context): Promise<[Item[], Item[]]> {
  const { items } = context;
  const { keepWhere, historySize, scope } = context.parameters(0);
  const visit = context.idempotencyKey(0);
  let isNew: boolean[] = [];
  if (keepWhere === "new") {
    const hashes = items.map((_, index) => hash(context.parameters(index).value, index));
    await context.storage.update(
      KEYS.new,
      (known) => {
        const seen = before(known as unknown as Seen | undefined, visit);
        const earlier = new Set(seen);
        isNew = hashes.map((each) => !earlier.has(each));
        const added = [...new Set(hashes.filter((_, index) => isNew[index]))].slice(-historySize);
        return { values: [...seen, ...added].slice(-historySize), visit, added: added.length } satisfies Seen as unknown as Json;
      },
      scope,
    );
  } else {
    const read = keepWhere === "higher" ? asNumber : asDate;
    const numbers = items.map((_, index) => read(context.parameters(index).value, index));
    await context.storage.update(
      KEYS[keepWhere],
      (known) => {
        const mark = known as unknown as Mark | undefined;
        const highest = mark?.visit === visit ? mark.before : (mark?.value ?? null);
        isNew = numbers.map((each) => highest === null || each > highest);
        const value = numbers.reduce((most, each) => Math.max(most, each), highest ?? Number.NEGATIVE_INFINITY);
        return { value, visit, before: highest } satisfies Mark as unknown as Json;
      },
      scope,
    );
  }
  const handed = items.map((item, index): Item => ({ ...item, pairedItem: { item: index } }));
  return [handed.filter((_, index) => isNew[index]), handed.filter((_, index) => !isNew[index])];
}

export async function forgetSeen(context: Context): Promise<void> {
  const { scope } = context.parameters(0);
  for (const key of Object.values(KEYS)) await context.storage.delete(key, scope);
}

const before = (seen: Seen | undefined, visit: string): string[] =>
  seen === undefined ? [] : seen.visit === visit ? seen.values.slice(0, seen.values.length - seen.added) : seen.values;

function hash(value: unknown, index: number): string {
  if (value === undefined || value === null || value === "") {
    throw new ParameterError("value", "is empty: say by what an item is known again", index);
  }
  return createHash("sha256")
    .update(typeof value === "string" ? value : canonical(value as Json))
    .digest("base64url")
    .slice(0, HASH_CHARACTERS);
}

function asNumber(value: unknown, index: number): number {
  const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new ParameterError("value", `must be a number, but is ${JSON.stringify(value ?? null).slice(0, 100)}`, index);
}

function asDate(value: unknown, index: number): number {
  const text = typeof value === "string" ? value.trim() : "";
  const found = typeof value === "number" ? DateTime.fromMillis(value) : DateTime.fromISO(text, { zone: "utc" });
  const date = found.isValid ? found : DateTime.fromRFC2822(text);
  if (date.isValid) return date.toMillis();
  throw new ParameterError("value", `must be a date, but is ${JSON.stringify(value ?? null).slice(0, 100)}`, index);
}
