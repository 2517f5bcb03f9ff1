import { FatalError } from "../execution/errors";

/** What an execution says of itself: a few short texts by name, which all of its nodes see and it is found by. */
export type CustomValues = Readonly<Record<string, string>>;

export interface CustomData {
  /** What the steps before have set. A step that is run again reads what it read the first time. */
  read(): Promise<CustomValues>;
  /** Sets values over those that are there; what a step set in an earlier attempt is forgotten with its first write. */
  write(changes: CustomValues): Promise<void>;
}

export const MOST_CUSTOM_VALUES = 10;
const LONGEST_KEY = 50;
const LONGEST_VALUE = 512;

/**
 * A value as it is kept: a text of at most 512 characters, under a name of at most 50 letters, digits and underscores.
 * @throws FatalError for a name or a value that cannot be kept
 */
export function customValue(key: string, value: unknown): [string, string] {
  if (!/^[A-Za-z0-9_]+$/.test(key)) {
    throw new FatalError(`Custom data cannot be named ${JSON.stringify(key.slice(0, 100))}: use letters, digits and _`);
  }
  if (value === null || value === undefined) throw new FatalError(`The custom data "${key}" has no value`);
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return [key.slice(0, LONGEST_KEY), text.slice(0, LONGEST_VALUE)];
}

/** Changes over what there is, and the names that found no room: an execution has ten values. */
export function mergeCustomValues(before: CustomValues, changes: CustomValues): { values: CustomValues; ignored: string[] } {
  const values = new Map(Object.entries(before));
  const ignored: string[] = [];
  for (const [key, value] of Object.entries(changes)) {
    if (values.has(key) || values.size < MOST_CUSTOM_VALUES) values.set(key, value);
    else ignored.push(key);
  }
  return { values: Object.fromEntries(values), ignored };
}

/** The values after several steps, each with what it set, in the order in which they did. */
export const foldCustomValues = (changes: readonly CustomValues[]): CustomValues =>
  changes.reduce<CustomValues>((before, each) => mergeCustomValues(before, each).values, {});

/** Custom data of one execution that ends with the process. */
export function createMemoryCustomData(): (visit: { key: string }) => CustomData {
  const byVisit = new Map<string, CustomValues>();
  return ({ key }) => {
    let own: CustomValues = {};
    return {
      read: async () => foldCustomValues([...byVisit].filter(([visit]) => visit !== key).map(([, changes]) => changes)),
      write: async (changes) => {
        own = { ...own, ...changes };
        byVisit.set(key, own);
      },
    };
  };
}

const mentions = new WeakMap<object, boolean>();

/** Whether expressions or code of a node may read or set custom data: others are spared the question. */
export function mentionsCustomData(node: { type: string; parameters: object }): boolean {
  const known = mentions.get(node);
  if (known !== undefined) return known;
  const found = JSON.stringify(node.parameters).includes("customData");
  mentions.set(node, found);
  return found;
}
