// The dependency rule of docs/architecture.md. Run by `node cli/checks/boundaries.mjs`.

const tests = "(\\.test\\.tsx?$|/testing/|/conformance/)";
const npm = (names) => `node_modules/(${names.join("|")})/`;

/** One room's doors: everything that `to` matches is closed. */
const closed = (name, comment, from, to) => ({
  name,
  comment,
  severity: "error",
  from: { pathNot: tests, ...(typeof from === "string" ? { path: from } : from) },
  to: typeof to === "string" ? { path: to } : to,
});

module.exports = {
  forbidden: [
    closed("flow-is-pure", "flow/ imports itself, zod and small pure libraries: no other room, no Node I/O.", "^flow/", {
      pathNot: [
        "^flow/",
        npm(["zod", "luxon", "@types/luxon", "acorn", "re2js", "@jmespath-community/jmespath", "@noble/hashes", "croner"]),
      ],
    }),
    closed(
      "nodes-stand-alone",
      "nodes/ imports flow/ and npm; effects reach an executor only through its NodeContext.",
      "^nodes/",
      "^(app|bench|cli|components|e2e|inngest|prisma|server)/",
    ),
    closed("nodes-do-no-io", "Requests, files and processes are the NodeContext's: its clients are guarded, raw ones are not.", "^nodes/", {
      dependencyTypes: ["core"],
      pathNot: "^(node:)?(buffer|stream|crypto|util|url|querystring|path|zlib|string_decoder|timers|timers/promises)$",
    }),
    closed("nodes-have-no-clients", "As above, for packages that open connections.", "^nodes/", {
      path: npm(["undici", "undici-types", "ably", "inngest", "ws", "next", "react", "ioredis", "redis", "mongodb"]),
    }),
    closed(
      "drivers-dial-nothing",
      "Drivers get a connected socket of `context.connect`, or an address of `context.checkHost`. One file a node hands it to them.",
      { path: "^nodes/", pathNot: [tests, "^nodes/((postgres|mysql|sftp)/client|ftp/(client|transfers)|imap/client)\\.ts$"] },
      { path: npm(["pg", "mysql2", "ssh2", "basic-ftp", "imapflow"]), dependencyTypesNot: ["type-only"] },
    ),
    closed(
      "definitions-are-data",
      "A definition runs in the browser: it must not reach an executor or Node.",
      "^nodes/.*definition\\.tsx?$|^nodes/catalog\\.ts$",
      {
        path: "executors?\\.ts$",
      },
    ),
    closed("server-looks-down", "server/ imports flow/, nodes/ and its own.", "^server/", "^(app|bench|cli|components|e2e)/"),
    closed("inngest-is-thin", "inngest/ calls the engine and services; it knows neither database nor business rules.", "^inngest/", {
      path: "^(app|bench|cli|components|e2e|nodes|prisma)/|^server/(?!execution/|services/|env\\.ts|logger\\.ts)",
    }),
    closed(
      "components-see-types-only",
      "components/ imports flow/, nodes/catalog, npm, and types of the server's routers.",
      "^components/",
      {
        path: "^(app|bench|cli|e2e|inngest|prisma|server)/",
        dependencyTypesNot: ["type-only"],
      },
    ),
    closed("components-see-routers-only", "Even as a type: what a page needs of the server is the router's.", "^components/", {
      path: "^(app|bench|cli|e2e|inngest|prisma)/|^server/(?!trpc/)",
    }),
    closed("components-see-definitions-only", "No executor reaches the browser.", "^components/", "^nodes/(?!catalog\\.ts$)"),
    closed("app-only-routes", "app/ delegates: no database, no business rules.", "^app/", {
      path: "^(bench|cli|e2e|nodes|prisma)/|^server/(?!trpc/|rest/|triggers/|auth/|realtime/)",
    }),
    closed(
      "nothing-needs-tests",
      "The product does not import tests or their support.",
      { path: "^(app|cli|components|flow|inngest|nodes|prisma|server)/" },
      {
        path: `${tests}|^(bench|e2e)/`,
      },
    ),
    closed(
      "dependencies-are-declared",
      "What the product imports is in `dependencies`, so that an installation without development packages runs.",
      {
        path: "^(app|cli|components|flow|inngest|nodes|prisma|server)/|^[^/]+\\.ts$",
        pathNot: [
          tests,
          "^cli/(db|database/(missing-sql|schema-engine|migration-adapter)|checks/.*)\\.",
          "^(vitest|playwright)\\.config\\.ts$",
        ],
      },
      { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"], pathNot: "node_modules/@types/" },
    ),
    closed("every-import-exists", "An import that leads nowhere.", {}, { couldNotResolve: true, pathNot: "\\.css$|^\\.next/" }),
    closed(
      "no-circles",
      "Two files that need each other are one thing, or three. (Forms nest in themselves: a list's entry is a form.)",
      { pathNot: "^components/editor/inspector/" },
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(prisma/generated|\\.next|docs|public)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
    skipAnalysisNotInRules: true,
  },
};
