import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "../failure";
import { projectRoot, schemaFile } from "../paths";

/** Makes the database client out of `schema.prisma`. */
export function generateClient(): void {
  const script = fileURLToPath(new URL("./generate-client.mjs", import.meta.url));
  const result = spawnSync(process.execPath, [script], { stdio: ["ignore", "ignore", "inherit"] });
  if (result.status !== 0) throw new CommandError("The database client could not be generated: see above.");
}

/** The installation generates it; a pull may have brought another schema, and npm may have been told to run no scripts. */
export function generateClientWhenStale(): void {
  const client = path.join(projectRoot, "prisma/generated/client.ts");
  if (!existsSync(client) || statSync(client).mtimeMs < statSync(schemaFile).mtimeMs) generateClient();
}
