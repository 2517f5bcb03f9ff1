import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";

/**
 * Every way out of the process, and who may take it. A file that opens connections, starts programs or reads files and is not listed
 * here fails: take the guarded client, `checkHost` or `connect`, or say below why it must be otherwise.
 */
const ROOT = path.resolve(import.meta.dirname, "../../..");
const ROOMS = ["app", "flow", "inngest", "nodes", "server"];
const TESTS = /\.test\.tsx?$|\/testing\/|\/conformance\/|\/proof\//;

/** Built-in modules that reach nothing outside of the process. */
const HARMLESS = new Set(
  "assert async_hooks buffer crypto diagnostics_channel events os path path/posix perf_hooks process querystring stream stream/consumers stream/promises string_decoder timers timers/promises url util zlib".split(
    " ",
  ),
);

/** Whoever may use the others: the guards themselves, and what talks to the operator's own services. */
const MAY: Record<string, { modules: string[]; because: string }> = {
  "server/http/guarded-connector.ts": { modules: ["dns", "net"], because: "is the guard of HTTP" },
  "server/http/check-host.ts": { modules: ["net"], because: "is the guard of other protocols" },
  "server/http/connect.ts": { modules: ["net", "tls"], because: "dials what that guard has checked" },
  "server/sandbox/start-process.ts": { modules: ["child_process", "fs", "net"], because: "starts the sandbox" },
  "server/sandbox/child.mjs": { modules: ["fs"], because: "is the sandbox's process, before the guest's code is there" },
  "server/sandbox/daytona/programs.ts": { modules: ["fs"], because: "reads the programs that it sends" },
  "server/sandbox/daytona/programs/javascript.mjs": { modules: ["fs", "module", "vm"], because: "runs in a container, never here" },
  "server/sandbox/python/child.mjs": { modules: ["fs"], because: "is the sandbox's process, before the guest's code is there" },
};

/** Calls of the global `fetch`, whose addresses no person of an organization can say. */
const FETCHES: Record<string, string> = {
  "server/auth/oauth-providers.ts": "GitHub's own address, as a constant",
  "inngest/client.ts": "the operator's Inngest",
  "inngest/register.ts": "the operator's Inngest, and this app",
  "server/triggers/public/chat-page.ts": "the script of a page, in a text",
  "server/triggers/public/form-run.ts": "the script of a page, in a text",
};

/** Packages that open connections, and who may import them. Anything in nodes/ must have them use `connect` or `checkHost`. */
const CLIENTS =
  /^(undici|pg|mysql2|mongodb|redis|ioredis|@redis\/|nodemailer|basic-ftp|imapflow|ssh2|ws|axios|got|node-fetch|@aws-sdk\/|@daytona\/|tedious|amqplib|kafkajs|mqtt|ldapts?|ably|inngest)/;
const CLIENT_ROOMS: [RegExp, RegExp][] = [
  [/^undici$/, /^server\/http\/guarded-(client|connector)\.ts$/],
  // Our own database.
  [/^pg$/, /^server\/(?!tools\/|oauth\/|services\/(tools|oauth|credentials|webhooks)\/)/],
  [/^@aws-sdk\//, /^server\/secrets\//],
  // The operator's own mail server.
  [/^nodemailer$/, /^server\/mail\//],
  [/^@daytona\//, /^server\/sandbox\/daytona\//],
  [/^ably/, /^server\/realtime\//],
  [/^inngest/, /^(inngest|app\/api\/inngest|server\/execution\/inngest)\//],
];

interface Source {
  file: string;
  text: string;
  imports: string[];
}

function sourcesIn(room: string): Source[] {
  return readdirSync(path.join(ROOT, room), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(room, name.split(path.sep).join("/")))
    .filter((file) => /\.(ts|tsx|mjs|js|cjs)$/.test(file) && !TESTS.test(file))
    .map((file) => sourceOf(file, readFileSync(path.join(ROOT, file), "utf8")));
}

function sourceOf(file: string, written: string): Source {
  const text = written
    .replace(/^\s*(\/\/|\*|\/\*).*$/gm, "")
    // A type leaves nothing behind.
    .replace(/^import type .*$/gm, "");
  const imports = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([^"'\n]+)["']/g)].map((match) => match[1] ?? "");
  return { file, text, imports };
}

const sources = ROOMS.flatMap(sourcesIn);
const builtin = new Set(builtinModules);
const bare = (name: string): string => name.replace(/^node:/, "");

/** `import { type Socket } from "node:net"` leaves nothing behind either. */
const isOnlyTypes = ({ text }: Source, name: string): boolean => {
  const clauses = [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*["']([^"']+)["']/g)].filter((match) => match[2] === name);
  return (
    clauses.length > 0 &&
    clauses.every((match) => (match[1] ?? "").split(",").every((each) => each.trim() === "" || /^\s*type\s/.test(each)))
  );
};

const modulesOf = (source: Source): string[] =>
  source.imports
    .filter((name) => (name.startsWith("node:") || builtin.has(name)) && !HARMLESS.has(bare(name)))
    .filter((name) => !MAY[source.file]?.modules.includes(bare(name)) && !isOnlyTypes(source, name))
    .map((name) => `${source.file} imports ${name}`);

const WAYS =
  /(?<![.\w"'`])fetch\s*\(|\b(?:globalThis|global)\s*(?:\.|\[\s*["'])fetch\b|\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b|\bcreateRequire\b|\bgetBuiltinModule\b|\bprocess\.(?:binding|dlopen)\b|(?<![.\w])eval\s*\(|\bnew\s+Function\b|(?<![.\w])Function\s*\(/g;
const globalsOf = ({ file, text }: Source): string[] =>
  file in FETCHES || file.startsWith("server/sandbox/") ? [] : [...text.matchAll(WAYS)].map((match) => `${file}: ${match[0]}`);

describe("the ways out of the process", () => {
  it("are looked for in all sources", () => {
    expect(sources.length).toBeGreaterThan(600);
    for (const room of ROOMS) expect(sources.some(({ file }) => file.startsWith(`${room}/`))).toBe(true);
  });

  it.each([
    'import { connect } from "node:net";',
    'import https from "https";',
    'const { spawn } = await import("node:child_process");',
    'const fs = require("fs/promises");',
    'import { Worker } from "node:worker_threads";',
    'await fetch("http://169.254.169.254/");',
    'const get = globalThis["fetch"];',
    'new WebSocket("ws://127.0.0.1");',
    'const require = createRequire("/");',
    'process.binding("tcp_wrap");',
    'new Function("return process")();',
  ])("are seen in a node: %s", (line) => {
    const source = sourceOf("nodes/evil/executor.ts", `export const execute = 1;\n${line}\n`);
    expect([...modulesOf(source), ...globalsOf(source)]).toHaveLength(1);
  });

  it("by built-in modules are taken by the guards alone", () => {
    expect(sources.flatMap(modulesOf)).toEqual([]);
  });

  it("by globals are taken by nobody but those named", () => {
    expect(sources.flatMap(globalsOf)).toEqual([]);
  });

  it("by clients of protocols are taken where they are known, in nodes through a checked connection", () => {
    const found = sources.flatMap((source) =>
      source.imports
        .filter((name) => CLIENTS.test(name) && !isOnlyTypes(source, name))
        .filter((name) => !CLIENT_ROOMS.some(([client, room]) => client.test(name) && room.test(source.file)))
        .filter(() => {
          const folder = /^nodes\/[^/]+\//.exec(source.file)?.[0];
          if (!folder) return true;
          const beside = sources.filter(({ file }) => file.startsWith(folder));
          return !beside.some(({ text }) => /\bcheckHost\b|\bConnect\b|\b(?:context|options)\.connect\b/.test(text));
        })
        .map((name) => `${source.file} imports ${name}`),
    );
    expect(found).toEqual([]);
  });

  it("lists nobody who needs no leave any more", () => {
    const files = new Set(sources.map(({ file }) => file));
    expect([...Object.keys(MAY), ...Object.keys(FETCHES)].filter((file) => !files.has(file))).toEqual([]);
  });
});

describe("script in pages", () => {
  const components = [...sourcesIn("components"), ...sources.filter(({ file }) => file.startsWith("app/"))];

  it("is set from no text, but for the one that chooses the theme", () => {
    const found = components
      .filter(({ text }) => /dangerouslySetInnerHTML|\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML|document\.write|srcDoc/.test(text))
      .map(({ file }) => file);
    expect(found).toEqual(["app/layout.tsx"]);
  });

  it("is behind no link: what is no address of ours was checked to be one of the web", () => {
    // Each of these is an address that the server made, one that is written in `service-hints.ts`, or that `note-markdown.ts` let through.
    const KNOWN = new Set([
      "components/credentials/service-hint.tsx",
      "components/editor/detail/output-panel.tsx",
      "components/editor/detail/webhook-info.tsx",
      "components/editor/notes/note-text.tsx",
    ]);
    const found = components.flatMap(({ file, text }) =>
      [...text.matchAll(/<a\b[^>]*?\bhref=\{([^}]*)\}/g)]
        .filter((match) => !/^\s*`(?:\/|mailto:)/.test(match[1] ?? "") && !KNOWN.has(file))
        .map((match) => `${file}: ${match[1]}`),
    );
    expect(found).toEqual([]);
  });
});
