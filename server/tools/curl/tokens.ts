import { unreadable } from "../imported-tool";

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", "0": "", a: "", b: "\b", f: "\f", v: "\v", e: "" };

/**
 * The words of a shell command: quotes, `$'…'`, backslashes, and lines that go on with `\`, `^` or a backtick. Variables and
 * substitutions stay as they are written: nothing is run.
 */
export function shellWords(command: string): string[] {
  const text = command.replaceAll(/[\\^`][ \t]*\r?\n/g, " ");
  const words: string[] = [];
  let word: string | null = null;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === "'") {
      const end = text.indexOf("'", index + 1);
      if (end < 0) throw unreadable("The command has a ' that is not closed.");
      word = (word ?? "") + text.slice(index + 1, end);
      index = end;
    } else if (character === '"' || (character === "$" && text[index + 1] === "'")) {
      const isPlain = character === '"';
      const read = quoted(text, index + (isPlain ? 1 : 2), isPlain);
      word = (word ?? "") + read.text;
      index = read.end;
    } else if (character === "\\" && index + 1 < text.length) {
      word = (word ?? "") + text[++index];
    } else if (word === null && (character === ";" || character === "|" || character === "&" || character === ">")) {
      break;
    } else word = (word ?? "") + character;
  }
  if (word !== null) words.push(word);
  return words;
}

/** Up to the closing quote; `"` knows few escapes, `$'` those of C. */
function quoted(text: string, start: number, isPlain: boolean): { text: string; end: number } {
  let made = "";
  const close = isPlain ? '"' : "'";
  for (let index = start; index < text.length; index++) {
    const character = text[index] as string;
    if (character === close) return { text: made, end: index };
    if (character !== "\\") {
      made += character;
      continue;
    }
    const next = text[++index] ?? "";
    if (isPlain) made += /["\\$`]/.test(next) ? next : next === "\n" ? "" : `\\${next}`;
    else if (next === "u" || next === "x") {
      const code = /^[0-9a-fA-F]{1,4}/.exec(text.slice(index + 1, index + 1 + (next === "u" ? 4 : 2)))?.[0] ?? "";
      made += code === "" ? next : String.fromCharCode(Number.parseInt(code, 16));
      index += code.length;
    } else made += ESCAPES[next] ?? next;
  }
  throw unreadable(`The command has a ${isPlain ? '"' : "$'"} that is not closed.`);
}
