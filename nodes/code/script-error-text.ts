/** How the sandbox's interpreter words a mistake, and how the browsers' and n8n's does. */
const WORDINGS: readonly [RegExp, string][] = [
  [/^'([^']+)' is not defined/, "$1 is not defined"],
  [/^cannot read property '([^']*)' of (undefined|null)/, "Cannot read properties of $2 (reading '$1')"],
  [/^cannot set property '([^']*)' of (undefined|null)/, "Cannot set properties of $2 (setting '$1')"],
  [/^require\('([^']+)'\) is not possible[^[]*?(?=\s*\[|$)/, "Cannot find module '$1'"],
];

/** The text of an error of JavaScript as n8n puts it into items: without its kind, in the words that people search for. */
export function scriptErrorText(message: string): string {
  const text = message.replace(/^(?:Reference|Type|Syntax|Range|Eval|URI)Error: /, "");
  return WORDINGS.reduce((known, [pattern, wording]) => known.replace(pattern, wording), text);
}
