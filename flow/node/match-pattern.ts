import { RE2JS } from "re2js";

const CACHE_SIZE = 200;
const compiled = new Map<string, RE2JS>();

/** Thrown for a pattern that can't be compiled. */
export class PatternError extends Error {
  override name = "PatternError";
}

const FLAGS: Record<string, number> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };

/**
 * Whether a text has a match of a regular expression, written `pattern` or `/pattern/flags`. Matching takes time linear in the
 * text, whatever the pattern: a pattern from a form can't hang the process. The price: no look-around and no back-references.
 * @throws PatternError for a pattern that isn't valid or needs one of those.
 */
export const matchesPattern = (text: string, pattern: string, ignoreCase = false): boolean =>
  patternOf(pattern, ignoreCase).matcher(text).find();

/**
 * A text with every match of a pattern replaced; `$1`, `$<name>` and `$&` mean what they do in JavaScript. Linear, as above.
 * @throws PatternError as `matchesPattern` does.
 */
export const replacePattern = (text: string, pattern: string, replacement: string, ignoreCase = false): string =>
  patternOf(pattern, ignoreCase).matcher(text).replaceAll(replacement);

function patternOf(pattern: string, ignoreCase: boolean): RE2JS {
  const key = `${ignoreCase ? "i" : ""}/${pattern}`;
  let regexp = compiled.get(key);
  if (!regexp) {
    regexp = compile(pattern, ignoreCase);
    if (compiled.size >= CACHE_SIZE) compiled.delete(compiled.keys().next().value as string);
    compiled.set(key, regexp);
  }
  return regexp;
}

function compile(text: string, ignoreCase: boolean): RE2JS {
  const slashed = /^\/(.*)\/([a-z]*)$/s.exec(text);
  const source = slashed ? (slashed[1] as string) : text;
  const flags = [...(slashed?.[2] ?? "")].reduce((bits, flag) => bits | (FLAGS[flag] ?? 0), ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), flags);
  } catch {
    const reason = /\(\?<?[=!]|\\[1-9]|\\k</.test(source) ? "look-around and back-references are not supported" : "it is not valid";
    throw new PatternError(`The regular expression "${source.slice(0, 100)}" can't be used: ${reason}`);
  }
}
