import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { SANDBOX_LANGUAGES } from "@/flow/node/context";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const EXAMPLE = `// Items come in as $input.all(); return the items that go out.
for (const item of $input.all()) {
  item.json.checked = true;
}
return $input.all();`;

const PYTHON_EXAMPLE = `# Items come in as _input.all(); return the items that go out.
for item in _input.all():
  item.json.checked = True
return _input.all()`;

/** Names by which code changes something; as words of their own, not as parts of a step's name. */
const OUTSIDE = /getWorkflowStaticData|(?<![\w$'"`-])(?:fetch|httpRequest|helpers\s*\.\s*request)(?![\w$'"`-])/;
/** The same where code has the packages of a container. */
const OUTSIDE_OF_CONTAINER =
  /\brequire\s*\(|\bimport\s*\(|\b(?:urllib|requests|http|httpx|socket|smtplib|ftplib|subprocess)\b|"net\b|"os\/exec"|std::(?:net|process)|TcpStream/;

export const code = defineNode({
  type: "code",
  version: 1,
  name: "Code",
  description: "Runs JavaScript, TypeScript, Python, Go or Rust of yours, sandboxed.",
  category: "code",
  icon: "code",
  parameters: z.object({
    mode: field(z.enum(["allItems", "eachItem"]).default("allItems"), "Run", {
      labels: { allItems: "Once for all items", eachItem: "Once for each item" },
    }),
    language: field(z.enum(["auto", ...SANDBOX_LANGUAGES]).default("javascript"), "Language", {
      labels: {
        auto: "Detect it",
        javascript: "JavaScript",
        typescript: "TypeScript",
        python: "Python",
        go: "Go (in Daytona)",
        rust: "Rust (in Daytona)",
      },
    }),
    code: field(z.string().max(500_000).default(EXAMPLE), "Code", {
      description:
        "The body of a function. `$input`, `$json`, `$('Node name')`, `$now` and `console.log` are there; in Python `_input`, `_items`, `_item`, `_json`, `_('Node name')`, `_now` and `print`; in every language `context.variables`, `context.stepOutputs`, `context.meta` and `context.utils`.",
      control: "code",
      language: "javascript",
      expression: false,
      showIf: { wait: ["sync", "async", "start"] },
      examples: { by: "language", of: { javascript: EXAMPLE, typescript: EXAMPLE, python: PYTHON_EXAMPLE } },
    }),
    timeoutSeconds: field(z.number().min(0.1).max(3600).default(60), "Time limit", {
      description: "Seconds. At most 300 here; in Daytona as many as the installation allows.",
    }),
    runIn: field(z.enum(["auto", "embedded", "daytona"]).default("auto"), "Run in", {
      labels: { auto: "This installation, where it can", embedded: "This installation", daytona: "Daytona" },
      description: "Daytona runs each step in a container of its own, with whatever packages its snapshot holds.",
      showIf: { language: ["auto", "javascript", "typescript", "python"] },
      advanced: true,
    }),
    wait: field(z.enum(["sync", "async", "start", "result"]).default("sync"), "Wait in Daytona", {
      labels: {
        sync: "In one call",
        async: "By asking again and again",
        start: "Not at all: give the session",
        result: "For a session of an earlier step",
      },
      description:
        "Ask again and again for code that runs longer than half a minute. Code that is not waited for goes on by itself; another Code node takes its result, by its `sessionId`. Where code runs in this installation it is always waited for.",
      advanced: true,
    }),
    session: field(z.string().max(10_000).default(""), "Session", {
      description: "The `sessionId` that the earlier step gave.",
      placeholder: "{{ $json.sessionId }}",
      showIf: { wait: ["result"] },
      required: true,
      advanced: true,
    }),
    pollInterval: field(z.number().int().min(100).max(60_000).default(1000), "Poll every", {
      description: "Milliseconds.",
      showIf: { wait: ["async", "result"] },
      advanced: true,
    }),
    maxPollAttempts: field(z.number().int().min(1).max(100_000).default(300), "Polls at most", {
      showIf: { wait: ["async", "result"] },
      advanced: true,
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  // What code keeps for the next execution is kept once, and what it asks of others is asked once.
  effect: ({ code, language, runIn, wait }: JsonObject): Effect => {
    if (wait === "result") return "read";
    if (typeof code !== "string") return "pure";
    const inContainer = runIn === "daytona" || language === "go" || language === "rust" || language === "auto";
    // What goes on by itself is begun once.
    if (wait === "start" && inContainer) return "write";
    return OUTSIDE.test(code) || (inContainer && OUTSIDE_OF_CONTAINER.test(code)) ? "write" : "pure";
  },
});
