import { z } from "zod";

const list = (pattern: RegExp, shape: string) =>
  z
    .string()
    .default("")
    .transform((text, context) => {
      const entries = text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "");
      const wrong = entries.find((entry) => !pattern.test(entry));
      if (wrong !== undefined) context.addIssue(`"${wrong}" is not ${shape}; write a list separated by commas`);
      return entries;
    });

const whole = (name: string, min: number, max: number) =>
  z.coerce.number({ error: `must be ${name}` }).refine((value) => Number.isInteger(value) && value >= min && value <= max, {
    error: `must be ${name}`,
  });

const port = whole("a port number from 1 to 65535", 1, 65_535);
const words: Record<string, boolean> = { true: true, "1": true, yes: true, on: true, false: false, "0": false, no: false, off: false };
const yesOrNo = z.string().transform((text, context) => {
  const value = words[text.toLowerCase()];
  if (value === undefined) context.addIssue("must be true or false");
  return value ?? false;
});
const url = (protocols: RegExp, shape: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.test(new URL(text).protocol), { error: `must be ${shape}` });
const webUrl = url(/^https?:$/, "a URL that starts with http:// or https://");

/** `k2:…,k1:…`. What is wrong is told without the keys. */
const masterKeys = z
  .string()
  .default("")
  .transform((text, context) => {
    const keys = text
      .split(",")
      .map((entry) => /^\s*([\w-]{1,32}):(\S{32,})\s*$/.exec(entry))
      .map((match) => ({ id: match?.[1] ?? "", key: match?.[2] ?? "" }));
    if (text.trim() === "") return [];
    if (keys.some(({ id }) => id === "")) context.addIssue("must be a list such as k2:…,k1:… of an id and at least 32 characters each");
    if (new Set(keys.map(({ id }) => id)).size < keys.length) context.addIssue("must not name a key twice");
    return keys;
  });

const daytona = {
  /** Code in Go and Rust, and whatever else asks for it, runs in containers of Daytona's when there is a key. */
  DAYTONA_API_KEY: z.string().optional(),
  DAYTONA_BASE_URL: webUrl.default("https://app.daytona.io/api"),
  /** Milliseconds that such code may run while one call waits for it, and in a session that is asked again and again. */
  DAYTONA_SYNC_TIMEOUT: whole("a number of milliseconds from 1000 to 3600000", 1000, 3_600_000).default(30_000),
  DAYTONA_ASYNC_TIMEOUT: whole("a number of milliseconds from 1000 to 3600000", 1000, 3_600_000).default(300_000),
  /** Snapshot that containers are made from, where it is not Daytona's own, and their region. */
  DAYTONA_SNAPSHOT: z.string().optional(),
  DAYTONA_TARGET: z.string().optional(),
};

/** How code gets into Daytona's containers, by the names of its settings. */
export const daytonaSettingsSchema = z.object(daytona);
export type DaytonaSettings = z.infer<typeof daytonaSettingsSchema>;

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),

  /** Where the app listens. */
  PORT: port.default(3000),
  /** Address to listen on; `0.0.0.0` for all interfaces. */
  HOST: z.string().default("127.0.0.1"),
  /** How many proxies in front of the app are trusted to tell a client's address. */
  TRUST_PROXY: z.preprocess(
    (value) =>
      typeof value === "string" && value.toLowerCase() in words && !/^\d+$/.test(value) ? Number(words[value.toLowerCase()]) : value,
    whole("true, false or the number of proxies", 0, 10).default(0),
  ),
  /** Folder of the embedded database, generated secrets and logs. */
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: url(/^postgres(ql)?:$/, "a URL that starts with postgresql://"),
  /** Port of the embedded Postgres. */
  PG_PORT: port.optional(),

  /** What the app is reached at from outside: links, webhook URLs, sign-in. */
  APP_URL: webUrl.optional(),
  NEXTAUTH_URL: webUrl.optional(),
  NEXTAUTH_SECRET: z.string().optional(),
  /** Keys of stored secrets: the first one seals, all of them open. Without any, one is derived from NEXTAUTH_SECRET. */
  TOLSTOY_MASTER_KEYS: masterKeys,
  /** Keep the fields of credentials in AWS Secrets Manager; OAuth tokens stay in the database, sealed. */
  USE_AWS_SECRETS: yesOrNo.default(false),
  AWS_REGION: z.string().default("us-east-1"),
  /** A secret of Secrets Manager's with settings of the app as JSON: the DAYTONA_ ones are read from it where USE_AWS_SECRETS is on. */
  AWS_SECRET_NAME: z.string().max(512).optional(),
  /** Address of Secrets Manager, when it is not AWS's own. */
  AWS_SECRETS_ENDPOINT: webUrl.optional(),
  GITHUB_ID: z.string().optional(),
  GITHUB_SECRET: z.string().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),

  EXECUTION_ENGINE: z.enum(["auto", "embedded", "inngest"]).default("auto"),
  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  INNGEST_BASE_URL: webUrl.optional(),
  /** Talk to an Inngest dev server, which needs no keys. */
  INNGEST_DEV: z.union([webUrl.transform(() => true), yesOrNo], { error: "must be true, false or a URL" }).optional(),
  /** Where Inngest reaches this app, when that is not its address from outside. */
  INNGEST_SERVE_ORIGIN: webUrl.optional(),

  ABLY_API_KEY: z
    .string()
    .regex(/^[^.:]+\.[^.:]+:.+$/, { error: "must look like appId.keyId:secret" })
    .optional(),
  ABLY_ENDPOINT: z.string().optional(),
  ABLY_PORT: port.optional(),
  ABLY_TLS: yesOrNo.default(true),

  ...daytona,

  /** Server that takes the product's own mails: `smtp://user:password@host:587`, or `smtps://` for TLS from the start. Without it none are sent. */
  SMTP_URL: url(/^smtps?:$/, "a URL that starts with smtp:// or smtps://").optional(),
  /** Whom they come from: `Tolstoy <tolstoy@example.com>`. */
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, "must be an address, such as Tolstoy <tolstoy@example.com>")
    .optional(),

  /** What Prometheus sends to read `/api/metrics`; without it there are no metrics. */
  METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),

  /** Addresses that flows may call although they are private, as `host:port`. */
  HTTP_ALLOWLIST: list(/^(\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]+):\d{1,5}(-\d{1,5})?$/, "host:port or host:from-to"),
  /** Environment variables that expressions may read as `$env.NAME`. */
  EXPRESSION_ENV_ALLOWLIST: list(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable"),
  /** Largest body that a request may have, in bytes. */
  MAX_BODY_BYTES: whole("a number of bytes from 1024 to 1073741824", 1024, 1_073_741_824).default(16_777_216),
  /** Whether the web server runs executions itself; where it does not, `tolstoy worker` does. */
  RUN_EXECUTIONS: yesOrNo.default(true),
  /** Executions that one process holds in memory at the same time. */
  EXECUTIONS_PER_PROCESS: whole("a whole number from 1 to 10000", 1, 10_000).default(100),
  /** Queued executions of an organization beyond which further arrivals are refused for now. */
  MAX_QUEUED_EXECUTIONS: whole("a whole number from 1 to 10000000", 1, 10_000_000).default(100_000),
  /** Node visits after which an execution is stopped, unless its flow says otherwise. */
  MAX_VISITS: whole("a whole number from 1 to 1000000", 1, 1_000_000).default(10_000),
});

export type Environment = z.infer<typeof schema>;

/** A setting that the product cannot start with. Its message is one line that names variable and reason. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

let parsed: Environment | null = null;

/**
 * The settings of this process: read once, at the first call.
 * @throws EnvironmentError for the first variable that is wrong
 */
export function env(): Environment {
  parsed ??= parseEnvironment(process.env);
  return parsed;
}

/** For tests and commands that change `process.env`: the next `env()` reads anew. */
export function resetEnv(): void {
  parsed = null;
}

/** @throws EnvironmentError */
export function parseEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ""));
  // A build renders nothing from the database, and has none.
  if (set.NEXT_PHASE === "phase-production-build") set.DATABASE_URL ??= "postgresql://none.invalid/none";
  const result = schema.safeParse(set);
  if (!result.success) {
    const issue = result.error.issues[0];
    const name = String(issue?.path[0]);
    throw new EnvironmentError(`${name} ${set[name] === undefined ? missing(name) : `is wrong: it ${reason(issue?.message)}`}`);
  }
  checkPairs(result.data);
  return result.data;
}

const reason = (message = "is invalid") => (/^(must|is|has)/.test(message) ? message : `has a fault: ${message}`);

const missing = (name: string) =>
  name === "DATABASE_URL"
    ? "is not set. `npm start` brings a database of its own; anything else needs the URL of a Postgres."
    : "is not set.";

const pairs = [
  ["GITHUB_ID", "GITHUB_SECRET"],
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
] as const;

function checkPairs(values: Environment): void {
  for (const pair of pairs) {
    const [absent] = pair.filter((name) => values[name] === undefined);
    const [present] = pair.filter((name) => values[name] !== undefined);
    if (absent && present) throw new EnvironmentError(`${absent} is not set, and ${present} is: sign-in needs both.`);
  }
  if (values.SMTP_URL !== undefined && values.MAIL_FROM === undefined)
    throw new EnvironmentError("MAIL_FROM is not set, and SMTP_URL is: mails need an address that they come from.");
  if (values.EXECUTION_ENGINE === "inngest" && !isInngestConfigured(values)) {
    throw new EnvironmentError(
      "EXECUTION_ENGINE is wrong: it is inngest, but neither INNGEST_EVENT_KEY with INNGEST_SIGNING_KEY nor INNGEST_DEV is set.",
    );
  }
}

/** Whether there is an Inngest to talk to: keys, or a dev server. */
export function isInngestConfigured(values: Environment): boolean {
  return Boolean(values.INNGEST_DEV) || Boolean(values.INNGEST_EVENT_KEY && values.INNGEST_SIGNING_KEY);
}
