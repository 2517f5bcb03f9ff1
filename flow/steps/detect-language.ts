import type { SandboxLanguage } from "../node/context";

/** Words that programs of a language have and others do not. JavaScript is what is left. */
const SIGNS: readonly (readonly [SandboxLanguage, RegExp])[] = [
  ["rust", /^\s*(?:pub\s+)?fn\s+\w+\s*[<(]|\blet\s+mut\s|\bprintln!\s*\(|^\s*use\s+\w+::/m],
  ["go", /^\s*package\s+\w+\s*$|^\s*func\s+(?:\(\w+\s+\*?\w+\)\s*)?\w+\s*\(|\bfmt\.(?:Print|Sprint|Errorf)|^[^'"`\n/]*:=\s/m],
  [
    "python",
    /^\s*(?:async\s+)?def\s+\w+\s*\(.*|^\s*from\s+[\w.]+\s+import\s|^\s*import\s+[\w.]+(?:\s+as\s+\w+)?\s*$|^\s*print\(|^\s*(?:if|for|while|elif|else|try|with)\b[^{}]*:\s*(?:#.*)?$/m,
  ],
  [
    "typescript",
    /^\s*(?:interface|type)\s+\w+[^=\n]*[={]|\b(?:const|let|var)\s+\w+\s*:\s*[A-Za-z{[]|[(,]\s*\w+\??\s*:\s*(?:string|number|boolean|any|unknown)\b\s*(?:\[\]\s*)?[,)=]|\)\s*:\s*(?:string|number|boolean|any|unknown|void|Promise<)|\bas\s+(?:string|number|boolean|any|unknown|const)\b/m,
  ],
];

/** The language that code is written in, by the words in it. Comments and what stands in quotes do not count. */
export function detectLanguage(code: string): SandboxLanguage {
  const plain = code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(["'`])(?:\\[\s\S]|(?!\1)[^\\\n])*\1/g, '""');
  const withoutLines = plain.replace(/\/\/[^\n]*/g, "").replace(/^\s*#(?!\[)[^\n]*/gm, "");
  return SIGNS.find(([, sign]) => sign.test(withoutLines))?.[0] ?? "javascript";
}
