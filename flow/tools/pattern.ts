import { begin, LIMITS } from "../expression/budget";
import { compilePattern } from "../expression/regexp/pattern";

/** Milliseconds that one pattern may take: patterns come from documents of strangers. */
const PATIENCE_MS = 100;

/** Whether a text is a regular expression that can be checked in bounded time. */
export function isPattern(source: string): boolean {
  try {
    begin(LIMITS, PATIENCE_MS);
    compilePattern(source, "");
    return true;
  } catch {
    return false;
  }
}

/** Whether a pattern matches somewhere in a text; a check that takes too long counts as one that does not. */
export function matchesPattern(source: string, text: string): boolean {
  try {
    begin(LIMITS, PATIENCE_MS);
    return compilePattern(source, "").exec(text, 0, false) !== null;
  } catch {
    return false;
  }
}
