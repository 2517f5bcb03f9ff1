import { generateClientWhenStale } from "../database/prisma-client";
import { fingerprint, isBuildCurrent, stampBuild } from "../serve/build";
import { Lifecycle } from "../serve/lifecycle";
import { endProcess, runBuild } from "../serve/next-process";

/** Builds the app unless the last build was made of the same sources; needs no database. */
export async function build(): Promise<void> {
  generateClientWhenStale();
  if (isBuildCurrent()) process.stdout.write("The build is current.\n");
  else await buildApp(new Lifecycle(), process.env);
  process.exit(0);
}

/** @throws Error after printing what the framework said */
export async function buildApp(lifecycle: Lifecycle, environment: NodeJS.ProcessEnv): Promise<void> {
  process.stdout.write("Building the app: its sources changed since the last build …\n");
  const started = Date.now();
  const madeOf = fingerprint();
  const { child, done } = runBuild(environment);
  lifecycle.onEnd(() => endProcess(child, 2_000));
  await done;
  stampBuild(madeOf);
  process.stdout.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
}
