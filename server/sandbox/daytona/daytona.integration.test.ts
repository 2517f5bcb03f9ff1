import { spawnSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import type { SandboxJob } from "@/flow/node/context";
import { createHttpClient } from "@/server/http/guarded-client";
import { type DaytonaServer, startDaytonaServer } from "@/server/testing/daytona-server";
import type { NetworkedJob } from "../network";
import { createSandbox } from "../sandbox";
import { createDaytonaSandbox, type DaytonaOptions } from "./sandbox";

let daytona: DaytonaServer;
let http: ReturnType<typeof createHttpClient>;
beforeAll(async () => {
  daytona = await startDaytonaServer();
  http = createHttpClient({ allowlist: [daytona.host] });
});
afterAll(async () => {
  await http.close();
  await daytona.close();
});
afterEach(() => {
  daytona.startAfter(0);
  expect(daytona.alive()).toEqual([]);
});

const options = (more: Partial<DaytonaOptions> = {}): DaytonaOptions => ({
  apiKey: daytona.apiKey,
  baseUrl: daytona.url,
  http,
  syncTimeoutMs: 30_000,
  asyncTimeoutMs: 60_000,
  startPollMs: 5,
  ...more,
});
const run = (job: Partial<NetworkedJob> & Pick<NetworkedJob, "code">, more?: Partial<DaytonaOptions>, signal?: AbortSignal) =>
  createDaytonaSandbox(options(more)).run({ language: "javascript", globals: {}, ...job } as SandboxJob, signal);
const context: JsonObject = { variables: { name: "Ann" }, stepOutputs: { fetch: { users: [{ active: true }, { active: false }] } } };

describe("JavaScript and TypeScript in Daytona", () => {
  it("give what code returns and what it printed", async () => {
    const code = "console.log('users', context.stepOutputs.fetch.users.length); return { hello: context.variables.name }";
    expect(await run({ code, globals: { context } })).toEqual({
      value: { hello: "Ann" },
      logs: [{ level: "info", message: "users 2" }],
    });
    expect((await run({ language: "typescript", code: "const n: number = 20; return n + 1" })).value).toBe(21);
  });

  it("take preludes and libraries, as in the embedded sandbox", async () => {
    const prelude = "globalThis.twice = (n) => n * 2;";
    const code = "return [twice(21), luxon.DateTime.fromISO('2026-01-31').plus({ months: 1 }).toISODate()]";
    expect((await run({ code, prelude, libraries: ["luxon"] })).value).toEqual([42, "2026-02-28"]);
  });

  it("fail with the author's line, and keep what was printed before", async () => {
    const failure = run({ code: "console.log('before');\nthrow new TypeError('no such thing')" });
    await expect(failure).rejects.toMatchObject({
      name: "FatalError",
      message: "TypeError: no such thing [line 2]",
      logs: [{ level: "info", message: "before" }],
    });
    await expect(run({ code: "return )" })).rejects.toThrow(/SyntaxError/);
    await expect(run({ code: "await new Promise(() => {})" })).rejects.toThrow(/promise that never settles/);
    await expect(run({ code: "process.exit(7)" })).rejects.toThrow(/exit code 7/);
  });
});

describe("Python in Daytona", () => {
  it("gives what code returns, prints and raises", async () => {
    const code = "print('hello')\nreturn {'n': len(context['stepOutputs']['fetch']['users'])}";
    expect(await run({ language: "python", code, globals: { context } })).toEqual({
      value: { n: 2 },
      logs: [{ level: "info", message: "hello" }],
    });
    await expect(run({ language: "python", code: "x = 1\nreturn 1 / 0" })).rejects.toThrow("ZeroDivisionError: division by zero [line 2]");
  });
});

const has = (program: string): boolean => spawnSync(program, ["version"], { stdio: "ignore" }).error === undefined;

describe.skipIf(!has("go"))(
  "Go in Daytona",
  () => {
    const go = (code: string, globals: JsonObject = { context }) => run({ language: "go", code, globals });

    it("calls the function that is there, with imports that it left out", async () => {
      const code = `func processData(input interface{}) map[string]bool {
    fmt.Printf("Processing: %v\\n", len(input.(map[string]any)))
    return map[string]bool{"processed": true}
}`;
      expect(await go(code)).toEqual({ value: { processed: true }, logs: [{ level: "info", message: "Processing: 2" }] });
    });

    it("takes the body of a function, and a function that may fail", async () => {
      const body = 'import "strings"\nname := context["variables"].(map[string]any)["name"].(string)\nreturn strings.ToUpper(name)';
      expect((await go(body)).value).toBe("ANN");
      await expect(go('func run(context map[string]any) (any, error) { return nil, errors.New("no stock") }')).rejects.toThrow("no stock");
    });

    it("says where code does not compile, and what a panic said", async () => {
      await expect(go("x := 1\nreturn nowhere")).rejects.toThrow(/does not compile[\s\S]*code\.go:2/);
      await expect(go("list := []any{}\nreturn list[5]")).rejects.toThrow(/index out of range/);
    });

    it("runs whole programs and each item", async () => {
      const whole = 'package main\nimport "fmt"\nfunc main() { fmt.Print("{\\"whole\\": 1}") }';
      expect((await go(whole)).value).toEqual({ whole: 1 });
      const each = 'func run(context map[string]any) any { return context["item"].(map[string]any)["n"].(float64) * 10 }';
      expect((await go(each, { context, items: [{ n: 1 }, { n: 2 }], each: true })).value).toEqual([
        { value: 10, missing: false },
        { value: 20, missing: false },
      ]);
    });
  },
  120_000,
);

describe.skipIf(!has("rustc"))(
  "Rust in Daytona",
  () => {
    const rust = (code: string, globals: JsonObject = { context }) => run({ language: "rust", code, globals });

    it("calls the function that is there", async () => {
      const code = `fn process_data(input: &str) -> std::collections::HashMap<String, bool> {
    println!("Processing: {}", input.len() > 10);
    let mut result = std::collections::HashMap::new();
    result.insert("processed".to_string(), true);
    result
}`;
      expect(await rust(code)).toEqual({ value: { processed: true }, logs: [{ level: "info", message: "Processing: true" }] });
    });

    it("reads the context and returns what is JSON in Rust, and says what failed", async () => {
      const code = `fn run(context: &Json) -> Vec<String> {
    context.get("stepOutputs").get("fetch").get("users").list().iter().map(|user| user.get("active").is_true().to_string()).collect()
}`;
      expect((await rust(code)).value).toEqual(["true", "false"]);
      expect((await rust('context.get("variables").get("name").clone()')).value).toBe("Ann");
      await expect(rust('fn run(context: &Json) -> Result<i32, String> {\n Err(String::from("no stock")) }')).rejects.toThrow("no stock");
      await expect(rust("fn run(context: &Json) -> i32 {\n nowhere }")).rejects.toThrow(/does not compile[\s\S]*code\.rs:2/);
    });
  },
  120_000,
);

describe("a container", () => {
  it("has no network but the hosts that are allowed, and deletes itself should nobody do it", async () => {
    daytona.created.length = 0;
    await run({ code: "return 1" }, { snapshot: "tools", target: "eu" });
    await run({ code: "return 1", network: { hosts: async () => ["api.example.com", "*.example.org:8443"], http } });
    expect(daytona.created[0]).toMatchObject({ networkBlockAll: true, snapshot: "tools", target: "eu", autoDeleteInterval: 0 });
    expect(daytona.created[0]?.ttlMinutes).toBeGreaterThan(0);
    expect(daytona.created[1]).toMatchObject({ networkBlockAll: false, domainAllowList: "api.example.com,*.example.org" });
  });

  it("is waited for until it has started", async () => {
    daytona.startAfter(3);
    expect((await run({ code: "return 'up'" })).value).toBe("up");
    daytona.startAfter("error");
    await expect(run({ code: "return 1" })).rejects.toThrow("Daytona could not start a sandbox for the code: no runner took it");
  });

  it("shares nothing with the next one", async () => {
    await run({ code: "globalThis.left = 1; require('node:fs').writeFileSync('left.txt', '1'); return 1" });
    expect((await run({ code: "return [typeof left, require('node:fs').existsSync('left.txt')]" })).value).toEqual(["undefined", false]);
  });
});

describe("waiting", () => {
  it("asks a session until it has ended", async () => {
    const wait = { pollIntervalMs: 20, maxPollAttempts: 500 };
    daytona.calls.length = 0;
    expect((await run({ code: "await new Promise((done) => setTimeout(done, 60)); return 'later'", wait })).value).toBe("later");
    expect(daytona.calls.filter((call) => call.includes("/command/")).length).toBeGreaterThan(1);
    expect(daytona.calls.some((call) => call.endsWith("/process/execute"))).toBe(false);
  });

  it("gives up after as many polls as it was told", async () => {
    const wait = { pollIntervalMs: 1, maxPollAttempts: 3 };
    await expect(run({ code: "await new Promise((done) => setTimeout(done, 60_000))", wait })).rejects.toThrow(/not ended after 3 polls/);
  });

  it("ends code that takes longer than its time, and than the installation allows", async () => {
    await expect(run({ code: "for (;;);", timeoutMs: 1000 })).rejects.toThrow("The code ran longer than 1 s and was stopped");
    await expect(run({ code: "for (;;);", timeoutMs: 60_000 }, { syncTimeoutMs: 1000 })).rejects.toThrow(/longer than 1 s/);
  });

  it("ends and cleans up when the execution is cancelled", async () => {
    const controller = new AbortController();
    const running = run({ code: "for (;;);" }, {}, controller.signal);
    const stop = setInterval(() => daytona.calls.some((call) => call.endsWith("execute")) && controller.abort(new Error("cancelled")), 5);
    daytona.calls.length = 0;
    await expect(running).rejects.toThrow("cancelled");
    clearInterval(stop);
  });
});

describe("what goes wrong at Daytona", () => {
  it.each([
    [401, "Unauthorized", "FatalError", /refused the API key \(401\)\. Check DAYTONA_API_KEY/],
    [403, "Total CPU quota exceeded", "Error", /not enough resources for the code: Total CPU quota exceeded/],
    [400, "Snapshot tools not found", "FatalError", /refused to run the code: Snapshot tools not found \(400\)/],
    [429, "Too many requests", "RetryAfterError", /asks for patience/],
    [502, "Bad gateway", "Error", /Daytona failed: Bad gateway/],
  ])("tells %i: %s", async (status, message, name, says) => {
    daytona.fail("/api/sandbox", status, message);
    await expect(run({ code: "return 1" })).rejects.toMatchObject({ name, message: expect.stringMatching(says) });
  });

  it("never shows the key", async () => {
    const failure = run({ code: "return 1" }, { apiKey: "dtn_wrong_but_secret" });
    await expect(failure).rejects.toThrow(/DAYTONA_API_KEY/);
    await expect(failure).rejects.not.toThrow(/dtn_wrong/);
  });

  it("says so when nothing answers, and when it is an address that may not be reached", async () => {
    await expect(run({ code: "return 1" }, { baseUrl: "http://127.0.0.1:9/api" })).rejects.toThrow(
      /Daytona can't be reached: .* Check DAYTONA_BASE_URL/,
    );
  });

  it("cleans up when a later call fails", async () => {
    daytona.fail("/files/bulk-upload", 500, "disk full");
    await expect(run({ code: "return 1" })).rejects.toThrow(/disk full/);
  });
});

describe("where a job runs", () => {
  it("is Daytona for languages that run nowhere else, and for who asks for it", async () => {
    const sandbox = createSandbox({ size: 1, daytona: createDaytonaSandbox(options()) });
    try {
      daytona.created.length = 0;
      expect((await sandbox.run({ language: "javascript", code: "return 1", globals: {} })).value).toBe(1);
      expect(daytona.created).toHaveLength(0);
      expect((await sandbox.run({ language: "javascript", code: "return 2", globals: {}, runIn: "daytona" })).value).toBe(2);
      expect(daytona.created).toHaveLength(1);
    } finally {
      await sandbox.close();
    }
  });

  it("is nowhere without Daytona, which says what to set", async () => {
    const sandbox = createSandbox({ size: 1 });
    for (const language of ["go", "rust"] as const) {
      await expect(sandbox.run({ language, code: "", globals: {} })).rejects.toThrow(/Set DAYTONA_API_KEY, and DAYTONA_BASE_URL/);
    }
    await expect(sandbox.run({ language: "javascript", code: "", globals: {}, runIn: "daytona" })).rejects.toThrow(/DAYTONA_API_KEY/);
    await sandbox.close();
  });
});
