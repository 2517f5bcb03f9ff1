import { step } from "../budget";
import { makeRegExp, patternMethods } from "./regexp";

/** Ligatures and letters whose plain form is not found by taking accents off. */
const LETTERS: Record<string, string> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ð: "d",
  Ð: "D",
  þ: "th",
  Þ: "Th",
  ł: "l",
  Ł: "L",
  ħ: "h",
  Ħ: "H",
  ı: "i",
  ŋ: "n",
  Ŋ: "N",
  ŧ: "t",
  Ŧ: "T",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "…": "...",
  "€": "E",
  "\u00a0": " ",
};

/** Letters with accents and typographic signs as the closest ASCII ones. */
export function replaceSpecialChars(text: string): string {
  step(text.length >> 2);
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^\0-\x7f]/g, (char) => LETTERS[char] ?? char)
    .normalize("NFC");
}

/** Text without HTML or XML tags. */
export const removeTags = (text: string): string => text.replace(/<[^>]*>?/g, "");

/** What Markdown puts around text, and what is left of it. Run on the linear-time engine, since texts come from outside. */
const MARKDOWN: [pattern: string, flags: string, replacement: string][] = [
  ["^[ \\t]*(?:`{3}|~{3})[^\\n]*\\n?", "gm", ""],
  ["^[ \\t]*(?:-[ \\t]*){3,}$|^[ \\t]*(?:\\*[ \\t]*){3,}$|^[ \\t]*(?:_[ \\t]*){3,}$", "gm", ""],
  ["^[ \\t]*(?:>[ \\t]?)+", "gm", ""],
  ["^([ \\t]*)(?:[*+-]|\\d+[.)])[ \\t]+(?:\\[[ xX]\\][ \\t]+)?", "gm", "$1"],
  ["^[ \\t]{0,3}#{1,6}[ \\t]+", "gm", ""],
  ["[ \\t]+#+[ \\t]*$", "gm", ""],
  ["!\\[([^\\]\\n]*)\\](?:\\([^)\\n]*\\)|\\[[^\\]\\n]*\\])", "g", "$1"],
  ["\\[([^\\]\\n]*)\\](?:\\([^)\\n]*\\)|\\[[^\\]\\n]*\\])", "g", "$1"],
  ["^[ \\t]*\\[[^\\]\\n]+\\]:[^\\n]*\\n?", "gm", ""],
  ["\\[\\^[^\\]\\n]+\\]", "g", ""],
  ["\\*\\*\\*([^*\\n]+)\\*\\*\\*", "g", "$1"],
  ["\\*\\*([^\\n]+?)\\*\\*", "g", "$1"],
  ["\\*([^*\\n]+)\\*", "g", "$1"],
  ["\\b__([^\\n]+?)__\\b", "g", "$1"],
  ["\\b_([^_\\n]+)_\\b", "g", "$1"],
  ["~~([^\\n]+?)~~", "g", "$1"],
  ["`+([^`\\n]+)`+", "g", "$1"],
];

/** Text without Markdown's signs and HTML tags. */
export function removeMarkdown(text: string): string {
  let result = removeTags(text);
  for (const [pattern, flags, replacement] of MARKDOWN) {
    result = String(patternMethods.replace?.(result, [makeRegExp(pattern, flags), replacement]));
  }
  return result;
}
