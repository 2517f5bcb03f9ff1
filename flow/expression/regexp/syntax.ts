/** The tree of a JavaScript regular expression. */
export type RegExpNode =
  | { type: "char"; code: number }
  | { type: "any" }
  | CharSet
  | { type: "sequence"; nodes: RegExpNode[] }
  | { type: "choice"; options: RegExpNode[] }
  | { type: "group"; node: RegExpNode; index: number | null }
  | { type: "repeat"; node: RegExpNode; min: number; max: number; greedy: boolean; firstGroup: number; lastGroup: number }
  | { type: "start" | "end" | "word" | "notWord" }
  | { type: "look"; node: RegExpNode; behind: boolean; negative: boolean }
  | { type: "back"; index: number };

export interface CharSet {
  type: "set";
  ranges: [from: number, to: number][];
  /** `\p{…}` and `\P{…}` by their text in braces. */
  properties: { name: string; negative: boolean }[];
  negative: boolean;
}

export interface RegExpTree {
  node: RegExpNode;
  groups: number;
  names: Record<string, number>;
}

export const DIGITS: [number, number][] = [[48, 57]];
export const WORD: [number, number][] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
export const BLANKS: [number, number][] = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
export const LINE_ENDS: [number, number][] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];

export function complement(ranges: [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= 0x10ffff) result.push([next, 0x10ffff]);
  return result;
}
