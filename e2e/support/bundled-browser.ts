import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestBrowser } from "./browser";

const home = path.resolve(import.meta.dirname, "../../node_modules/.cache/tolstoy-browser-143");

/** Chromium out of `@sparticuz/chromium`, with the libraries that bare machines lack; unpacked at its first use. */
export async function unpackBundledBrowser(): Promise<TestBrowser> {
  const executablePath = path.join(home, "chromium");
  if (!existsSync(executablePath)) await unpack();
  const systemFonts = existsSync("/etc/fonts/fonts.conf");
  return {
    from: "npm (@sparticuz/chromium)",
    executablePath,
    args: ["--no-sandbox", "--disable-setuid-sandbox"],
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: [path.join(home, "al2023/lib"), home, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
      FONTCONFIG_PATH: systemFonts ? "/etc/fonts" : path.join(home, "fonts"),
      HOME: process.env.HOME ?? os.tmpdir(),
    },
  };
}

/** Beside its place and renamed, so that a killed run never leaves half a browser. */
async function unpack(): Promise<void> {
  const beside = `${home}.${process.pid}`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  // The package reads these while it is imported, unpacks to TMPDIR, and changes the rest.
  const changed = ["TMPDIR", "AWS_LAMBDA_JS_RUNTIME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"];
  const before = changed.map((name) => [name, process.env[name]] as const);
  process.env.TMPDIR = beside;
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs20.x";
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    await chromium.executablePath();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  try {
    renameSync(beside, home);
  } catch {
    // Another run was first.
    rmSync(beside, { recursive: true, force: true });
  }
}
