import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Environment } from "@/server/env";
import { type ApplicationDatabase, openApplicationDatabase } from "../database/application-database";
import { deployMigrations } from "../database/deploy-migrations";
import { generateClientWhenStale } from "../database/prisma-client";
import { CommandError, describeFailure } from "../failure";
import { localSecrets } from "../local-secrets";
import { isPortOpen, whyPortIsTaken } from "../ports";
import { isBuildCurrent } from "../serve/build";
import { Lifecycle } from "../serve/lifecycle";
import { endProcess, startServer } from "../serve/next-process";
import { assertDeploymentSecrets } from "../serve/secrets";
import { appUrl, httpAllowlist, readSettings } from "../settings";
import { buildApp } from "./build";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Everything that a running app needs, then the app, until it is told to stop. */
export async function start(mode: "start" | "dev"): Promise<void> {
  const lifecycle = new Lifecycle();
  try {
    await serve(mode, lifecycle);
  } catch (error) {
    // A stop in the middle of starting makes what is being started fail; that is no news.
    if (!lifecycle.ending) process.stderr.write(`${describeFailure(error)}\n`);
    await lifecycle.end(1);
  }
}

async function serve(mode: "start" | "dev", lifecycle: Lifecycle): Promise<void> {
  const settings = readSettings();
  await assertPortIsFree(settings);
  generateClientWhenStale();

  const database = await openApplicationDatabase(settings);
  lifecycle.onEnd(() => database.stop());
  database.onExit((log) => {
    process.stderr.write(`Postgres ended unexpectedly: ${log}\n`);
    void lifecycle.end(1);
  });
  if (!database.embedded) assertDeploymentSecrets(process.env);
  const applied = await deployMigrations(database.url);
  if (applied.length > 0) say(`Database: applied ${applied.join(", ")}`);

  const environment = serverEnvironment(settings, database);
  if (mode === "start" && !isBuildCurrent()) await buildApp(lifecycle, environment);

  const server = startServer(mode, { host: settings.HOST, port: settings.PORT }, environment);
  lifecycle.onEnd(() => endProcess(server, 20_000));
  server.once("exit", (code) => {
    if (!lifecycle.ending) process.stderr.write(`The web server ended unexpectedly (${code ?? "killed"}).\n`);
    void lifecycle.end(1);
  });
  const [demo] = await Promise.all([database.embedded ? seedDemo(environment, settings) : null, untilItAnswers(settings, lifecycle)]);
  const stateFile = path.join(settings.DATA_DIR, "app.json");
  writeFileSync(stateFile, JSON.stringify({ pid: process.pid, serverPid: server.pid, url: environment.NEXTAUTH_URL }));
  lifecycle.onEnd(async () => rmSync(stateFile, { force: true }));
  say(`\n  Tolstoy is ready: ${environment.NEXTAUTH_URL}`);
  if (demo) say(`  Sign in with:     ${demo.email}   ${demo.password}`);
  say("");
}

/** @throws CommandError that names the port */
async function assertPortIsFree({ HOST, PORT }: Environment): Promise<void> {
  const reason = await whyPortIsTaken(PORT, HOST);
  if (reason === "EACCES") throw new CommandError(`Port ${PORT} needs more rights than this user has. Set PORT to one above 1023.`);
  if (reason === "EADDRNOTAVAIL" || reason === "ENOTFOUND") throw new CommandError(`HOST is wrong: this machine has no address ${HOST}.`);
  if (reason !== null || (await isPortOpen(PORT))) throw new CommandError(`Port ${PORT} is already in use. Set PORT to a free one.`);
}

function serverEnvironment(settings: Environment, database: ApplicationDatabase): NodeJS.ProcessEnv {
  const url = appUrl(settings);
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: String(settings.PORT),
    DATABASE_URL: database.url,
    NEXTAUTH_URL: url,
    APP_URL: settings.APP_URL ?? url,
    HTTP_ALLOWLIST: httpAllowlist(settings).join(","),
  };
  if (database.embedded) {
    environment.NEXTAUTH_SECRET = process.env.NEXTAUTH_SECRET?.trim() || localSecrets(settings.DATA_DIR).nextAuthSecret;
  }
  return environment;
}

/** @returns the sign-in, or null once a person has changed it */
async function seedDemo(environment: NodeJS.ProcessEnv, settings: Environment): Promise<{ email: string; password: string } | null> {
  // The services read the settings of their process.
  Object.assign(process.env, environment);
  const { demoEmail, seedDemo: seed } = await import("@/prisma/seed");
  const password = localSecrets(settings.DATA_DIR).demoPassword;
  return (await seed({ password })) ? { email: demoEmail, password } : null;
}

async function untilItAnswers({ HOST, PORT }: Environment, lifecycle: Lifecycle): Promise<void> {
  const host = HOST === "0.0.0.0" || HOST === "::" ? "127.0.0.1" : HOST;
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${PORT}/api/health`;
  const deadline = Date.now() + 120_000;
  while (!lifecycle.ending) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(30_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new CommandError(`The app does not answer at ${address}${answer ? ` (${answer.status})` : ""}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
