import { env } from "@/server/env";
import { engineName } from "@/server/execution/engine-name";
import { deployMigrations } from "../database/deploy-migrations";
import { generateClientWhenStale } from "../database/prisma-client";
import { CommandError } from "../failure";
import { Lifecycle } from "../serve/lifecycle";
import { assertDeploymentSecrets } from "../serve/secrets";
import { appUrl, readSettings, usesEmbeddedDatabase } from "../settings";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Runs executions until it is told to stop; as many of these as wanted share the work. */
export async function work(): Promise<void> {
  const settings = readSettings();
  if (usesEmbeddedDatabase()) {
    throw new CommandError("A worker shares the app's database: set DATABASE_URL, here as there. (npm start runs executions itself.)");
  }
  if (engineName(settings) === "inngest") {
    throw new CommandError("On Inngest there are no workers to start: Inngest calls the app. Run more processes of the app instead.");
  }
  assertDeploymentSecrets(process.env);
  process.env.APP_URL ??= appUrl(settings);
  // What the command is for, whatever the servers are told by the same file.
  process.env.RUN_EXECUTIONS = "true";
  generateClientWhenStale();
  const lifecycle = new Lifecycle();
  try {
    const applied = await deployMigrations(settings.DATABASE_URL);
    if (applied.length > 0) say(`Database: applied ${applied.join(", ")}`);
    // The server's code reads the settings of its process when it is loaded.
    const { startWorker } = await import("@/server/worker");
    const worker = await startWorker(env());
    lifecycle.onEnd(() => worker.stop());
    say("Executions run here.");
  } catch (error) {
    if (!lifecycle.ending) throw error;
  }
}
