import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { definitionFile, executorFile, testFile } from "./templates";

/** A mistake of whoever called it: told without a stack. */
class Mistake extends Error {}

const pascal = (type: string): string => type.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const camel = (type: string): string => pascal(type).replace(/^./, (letter) => letter.toLowerCase());
const title = (type: string): string => type.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => ` ${letter.toUpperCase()}`).trim();

/** Words that can't be the name of a constant. */
const RESERVED: ReadonlySet<string> = new Set(
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof let new null package return static super switch this throw true try typeof var void while with yield".split(
    " ",
  ),
);

/** Puts a line where its kind stands, in the order of the lines around it. */
function insertSorted(lines: string[], line: string, isOfItsKind: (line: string) => boolean): void {
  const at = lines.findIndex((each) => isOfItsKind(each) && each.localeCompare(line, "en") > 0);
  const last = lines.findLastIndex(isOfItsKind);
  if (last < 0) throw new Mistake("The catalog has lost its form: add the line by hand");
  lines.splice(at < 0 ? last + 1 : at, 0, line);
}

/** Before the notes and what only imports make, which come last. */
function insertBefore(lines: string[], line: string, mark: RegExp): void {
  const at = lines.findIndex((each) => mark.test(each));
  if (at < 0) throw new Mistake(`The line "${line.trim()}" found no place: add it by hand`);
  lines.splice(at, 0, line);
}

const edit = (file: string, change: (lines: string[]) => void): void => {
  const lines = readFileSync(file, "utf8").split("\n");
  change(lines);
  writeFileSync(file, lines.join("\n"));
};

/**
 * Makes the folder of a new kind of node, with a definition, an executor and a test, and its two lines in the catalogs.
 * @returns The files that were written.
 */
function newNode(root: string, type: string): string[] {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(type)) {
    throw new Mistake("Name the type in kebab-case, for example: npm run -s new:node -- send-fax");
  }
  const folder = join(root, "nodes", type);
  if (existsSync(folder)) throw new Mistake(`nodes/${type} is there already`);
  const name = RESERVED.has(camel(type)) ? `${camel(type)}Node` : camel(type);
  mkdirSync(folder);
  const files: Record<string, string> = {
    "definition.ts": definitionFile(type, name, title(type)),
    "executor.ts": executorFile(name),
    [`${type}.test.ts`]: testFile(type),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  edit(join(root, "nodes", "catalog.ts"), (lines) => {
    insertSorted(lines, `import { ${name} } from "./${type}/definition";`, (line) => /^import \{ \w+ \} from "\.\//.test(line));
    insertBefore(lines, `  ${name},`, /^ {2}stickyNote,$/);
  });
  edit(join(root, "nodes", "executors.ts"), (lines) => {
    const key = /^[a-z0-9]+$/.test(type) ? type : `"${type}"`;
    insertBefore(lines, `  ${key}: () => import("./${type}/executor"),`, /^ {2}"sticky-note":/);
  });
  return [...Object.keys(files).map((file) => `nodes/${type}/${file}`), "nodes/catalog.ts", "nodes/executors.ts"];
}

try {
  const type = process.argv[2] ?? "";
  for (const file of newNode(process.cwd(), type)) process.stdout.write(`${file}\n`);
  process.stdout.write(`\nTry it: npx vitest run nodes/${type} nodes/catalog.test.ts\nThen: docs/guides/add-a-node.md\n`);
} catch (error) {
  if (!(error instanceof Mistake)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
