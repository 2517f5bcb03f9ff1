import { FatalError } from "@/flow/execution/errors";

/** The author's file, and the file that calls what is in it. `whole`: a program that reads and prints by itself. */
export interface Entry {
  whole: boolean;
  code: string;
  call: string;
}

/** Packages that people leave out of their imports, by the name that they are used under. */
const GO_PACKAGES: Readonly<Record<string, string>> = {
  fmt: "fmt",
  strings: "strings",
  strconv: "strconv",
  sort: "sort",
  math: "math",
  time: "time",
  errors: "errors",
  regexp: "regexp",
  json: "encoding/json",
};

const GO_IMPORTS = /^[ \t]*import[ \t]*(?:\([^)]*\)|[^\n]*)/gm;
const withoutGoComments = (code: string): string => code.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "");

/**
 * What to call in Go: `run`, or the last function that is written at the top; code without one is the body of `run`.
 * Imports of the packages that are used most may be left out.
 */
export function goEntry(code: string): Entry {
  const plain = withoutGoComments(code);
  if (/^package\s+main\b/m.test(plain) && /^func\s+main\s*\(/m.test(plain)) return { whole: true, code, call: "" };
  const functions = [...plain.matchAll(/^func\s+(\w+)\s*\(([^)]*)\)\s*(\([^)]*\)|[^{\n]*)/gm)];
  const imports = (code.match(GO_IMPORTS) ?? []).join("\n");
  const missing = Object.entries(GO_PACKAGES)
    .filter(([name, path]) => new RegExp(`\\b${name}\\.\\w`).test(plain) && !imports.includes(`"${path}"`))
    .map(([, path]) => `import "${path}"`);
  // Lines stay the author's: imports leave their lines behind, and the compiler is told where the code begins.
  const rest = code.replace(GO_IMPORTS, blankLines).replace(/^package\s+\w+/m, "");
  const head = ["package main", ...missing, imports].join("\n");
  const [, name, parameters = "", results = ""] = functions.find(([, each]) => each === "run") ?? functions.at(-1) ?? [];
  if (name === undefined) {
    const body = `${head}\nfunc run(context map[string]any) any {\n//line code.go:1\n${rest}\n}\n`;
    return { whole: false, code: body, call: goCall("run(context)", false) };
  }
  const call = `${name}(${parameters.trim() === "" ? "" : "context"})`;
  return { whole: false, code: `${head}\n//line code.go:1\n${rest}\n`, call: goCall(call, /\berror\s*\)?\s*$/.test(results.trim())) };
}

const goCall = (call: string, fails: boolean): string =>
  fails
    ? `package main\n\nfunc tolstoyCall(context map[string]any) any {\n\tvalue, err := ${call}\n\tif err != nil {\n\t\ttolstoyFail(err.Error())\n\t}\n\treturn value\n}\n`
    : `package main\n\nfunc tolstoyCall(context map[string]any) any {\n\treturn ${call}\n}\n`;

const blankLines = (text: string): string => text.replace(/[^\n]/g, "");

/** What to call in Rust: `run`, or the last function that is written at the top; code without one is the body of `run`. */
export function rustEntry(code: string): Entry {
  const plain = code.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "");
  if (/^fn\s+main\s*\(\s*\)/m.test(plain)) return { whole: true, code, call: "" };
  const functions = [...plain.matchAll(/^(?:pub\s+)?fn\s+(\w+)\s*(?:<[^>]*>)?\s*\(([^)]*)\)/gm)];
  const [, name, parameters = ""] = functions.find(([, each]) => each === "run") ?? functions.at(-1) ?? [];
  if (name === undefined) {
    // On one line with its first line: line numbers stay the author's.
    return { whole: false, code: `fn run(context: &Json) -> Json { ${code}\n}\n`, call: rustCall("run(context)") };
  }
  if (/,/.test(parameters.replace(/,\s*$/, "").replace(/<[^>]*>/g, ""))) {
    throw new FatalError(
      `The function ${name} takes more than one thing: write fn ${name}(context: &Json), or add fn run(context: &Json) that calls it`,
    );
  }
  const takesOwned = /:\s*Json\b/.test(parameters);
  const takesText = /:\s*&(?:'\w+\s+)?str\b/.test(parameters);
  const given = takesText ? "&context.to_string()" : takesOwned ? "context.clone()" : "context";
  return { whole: false, code, call: rustCall(`${name}(${parameters.trim() === "" ? "" : given})`) };
}

const rustCall = (call: string): string =>
  `fn tolstoy_call(context: &Json) -> Json {\n    let _ = context;\n    ToJson::to_json(&${call})\n}\n`;
