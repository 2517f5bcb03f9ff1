import pino from "pino";
import { serializeError } from "./log-error";
import { prettyLines } from "./pretty-log";

// A setting that is wrong is `env()`'s to report; logging works before and during that.
const level = process.env.LOG_LEVEL && process.env.LOG_LEVEL in pino.levels.values ? process.env.LOG_LEVEL : "info";

const secretKeys = [
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "passwordHash",
  "secret",
  "token",
  "apiKey",
  "accessToken",
  "refreshToken",
];
const quoted = secretKeys.map((key) => `["${key}"]`);

/**
 * The process' log: JSON lines on standard output, readable lines on a terminal. Credentials under their usual names are
 * replaced, up to three objects deep.
 */
export const logger = pino(
  {
    level: process.env.NODE_ENV === "test" && !process.env.LOG_LEVEL ? "silent" : level,
    redact: { paths: quoted.flatMap((key) => [key, `*${key}`, `*.*${key}`]), censor: "[redacted]" },
    serializers: { err: (error) => serializeError(error), error: (error) => serializeError(error) },
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  },
  // No transport: those run in worker threads, which bundlers break.
  process.stdout.isTTY ? prettyLines(process.stdout) : undefined,
);
