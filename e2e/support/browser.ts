import { existsSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";
import { unpackBundledBrowser } from "./bundled-browser";

/** A Chromium, and how to start it. */
export interface TestBrowser {
  /** For people: where it was found. */
  from: string;
  /** Playwright's own when absent. */
  executablePath?: string;
  args: string[];
  env?: Record<string, string>;
}

/**
 * The browser that the tests use: the one that the environment names, Playwright's own, one of the system, or the one out of npm
 * (Linux on x64). Nothing is downloaded.
 * @throws Error that says how to get one
 */
export async function findBrowser(): Promise<TestBrowser> {
  // Chromium's own sandbox refuses to start as root.
  const args = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const named = process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ?? process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`There is no browser at ${named} (PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH or CHROME_PATH).`);
    return { from: "the environment", executablePath: named, args };
  }
  if (existsSync(chromium.executablePath())) return { from: "Playwright", args };
  const system = systemBrowsers().find((file) => existsSync(file));
  if (system) return { from: "the system", executablePath: system, args };
  if (process.platform === "linux" && process.arch === "x64") return unpackBundledBrowser();
  throw new Error("There is no browser for the tests. Run: npx playwright install chromium   (or set PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH)");
}

/** Where Chrome, Chromium and Edge are usually installed. */
function systemBrowsers(): string[] {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform === "win32") {
    const folders = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((name) => process.env[name] ?? []);
    const programs = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe", "Chromium/Application/chrome.exe"];
    return folders.flatMap((folder) => programs.map((program) => path.join(folder, program)));
  }
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}
