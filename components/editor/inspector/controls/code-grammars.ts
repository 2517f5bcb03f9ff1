import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import type { Extension } from "@codemirror/state";

/** Languages that few flows use: their grammars are loaded when somebody chooses them. */
const LATER: Readonly<Record<string, () => Promise<Extension>>> = {
  python: async () => (await import("@codemirror/lang-python")).python(),
  go: async () => (await import("@codemirror/lang-go")).go(),
  rust: async () => (await import("@codemirror/lang-rust")).rust(),
};

const isLater = (language: string): boolean => Object.hasOwn(LATER, language);

/** How code is read and coloured; null for a language that `loadGrammar` has to fetch first. */
export function grammarOf(language: string): Extension | null {
  if (isLater(language)) return null;
  return language === "json" ? json() : javascript({ typescript: language === "typescript" });
}

/** The grammar of a language that is not there from the start; null for the others. */
export async function loadGrammar(language: string): Promise<{ language: string; extension: Extension } | null> {
  const load = isLater(language) ? LATER[language] : undefined;
  return load ? { language, extension: await load() } : null;
}
