#!/usr/bin/env node
// Plain JavaScript that any Node understands: it checks the version before anything newer is loaded.
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24)) {
  console.error(`Tolstoy needs Node 20.19, 22.12, or 24 and later; this is ${process.version} (${process.execPath}).`);
  process.exit(1);
}

try {
  const { register } = await import("tsx/esm/api");
  register({ tsconfig: fileURLToPath(new URL("./tsconfig.json", import.meta.url)) });
} catch (error) {
  if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error("Tolstoy's packages are not installed. Run: npm install");
  process.exit(1);
}
await import("./main.ts");
