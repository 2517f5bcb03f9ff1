import type { Mapped, NodeMapping, Source } from "../source";

const code = (mode: "allItems" | "eachItem", text: string): Mapped => ({
  type: "code",
  parameters: { mode, language: "javascript", code: text },
});

/** What user code may call in n8n and not here. */
const UNKNOWN_CALLS: readonly [RegExp, string][] = [
  [/\brequire\s*\(/, "require(): packages can't be loaded"],
  [/\bthis\.helpers\.|\bhelpers\.(httpRequest|request)|\$helpers\b/, "helpers: requests are for the HTTP Request node"],
  [/\bgetBinaryDataBuffer|setBinaryDataAsync|getBinaryDataAsync/, "reading and writing files"],
  [/\$secrets\b/, "$secrets"],
];

function reportCalls(source: Source, field: string, text: string): void {
  for (const [pattern, what] of UNKNOWN_CALLS) {
    if (pattern.test(text)) source.missing(field, `the code uses ${what}, which is not there`);
  }
}

/** n8n has had two kinds of Python: with its own names for everything (Pyodide), and with `_items` and `_item` alone. Both run here. */
const LANGUAGES = { javaScript: "javascript", javascript: "javascript", python: "python", pythonNative: "python" } as const;

/** Code 1–2. */
export const codeNode: NodeMapping = (source) => {
  const mode = source.option("mode", { runOnceForAllItems: "allItems", runOnceForEachItem: "eachItem" } as const, "runOnceForAllItems");
  const language = source.option("language", LANGUAGES, "javaScript");
  source.ignore("notice", "jsCode", "pythonCode");
  if (language === "python") {
    const text = source.text("pythonCode");
    for (const [, name = ""] of text.matchAll(/^\s*(?:import|from)\s+([A-Za-z_]\w*)/gm)) {
      if (FOREIGN_PACKAGES.has(name)) source.missing("pythonCode", `the code imports ${name}, which is not part of Python's own library`);
    }
    return { type: "code", parameters: { mode, language, code: text } };
  }
  const text = source.text("jsCode");
  reportCalls(source, "jsCode", text);
  return code(mode, text);
};

/** What people most often import that Python does not bring along. */
const FOREIGN_PACKAGES: ReadonlySet<string> = new Set(
  "pandas numpy scipy sklearn matplotlib requests httpx aiohttp bs4 lxml yaml dateutil pytz PIL cv2 openai micropip js pyodide".split(" "),
);

/** Function: for all items, which it finds in `items`. */
export const functionNode: NodeMapping = (source) => {
  const text = source.text("functionCode", "return items;");
  reportCalls(source, "functionCode", text);
  return code("allItems", text);
};

/** Function Item: for each item, whose JSON alone it gets and returns; files stay with the item. */
export const functionItem: NodeMapping = (source) => {
  const text = source.text("functionCode", "return item;");
  reportCalls(source, "functionCode", text);
  return code(
    "eachItem",
    `// From a Function Item node: \`item\` is the item's JSON.\nconst forItem = async (item) => {\n${text}\n};\nreturn { json: await forItem($json), binary: $binary };`,
  );
};
