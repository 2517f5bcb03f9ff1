import { Command } from "commander";
import pg from "pg";
import { openApplicationDatabase } from "./database/application-database";
import { deployMigrations, readMigrationStatus } from "./database/deploy-migrations";
import { readMigrations, writeMigration } from "./database/migration-files";
import { missingSql } from "./database/missing-sql";
import { generateClient } from "./database/prisma-client";
import { CommandError, describeFailure } from "./failure";
import { loadSettings, readSettings } from "./settings";

const say = (line: string) => process.stdout.write(`${line}\n`);

async function create({ name, empty }: { name: string; empty?: boolean }): Promise<void> {
  const sql = empty ? "" : await missingSql();
  if (sql === null) return void say("Migrations and schema.prisma agree: nothing to create. (--empty makes one for SQL of your own.)");
  const last = Number(readMigrations().at(-1)?.name.slice(0, 14) ?? 0);
  const now = Number(new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14));
  const file = writeMigration(`${Math.max(now, last + 1)}_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`, sql);
  say(`Created ${file}. Read it, then: npm run tolstoy -- migrate`);
  generateClient();
}

async function check(): Promise<void> {
  const sql = await missingSql();
  if (sql !== null) throw new CommandError(`schema.prisma says what no migration makes. Run: npm run db -- create --name <what>\n${sql}`);
  say("Migrations and schema.prisma agree.");
}

async function status(): Promise<void> {
  await withClient(async (client) => {
    const { pending, failed, edited, unknown } = await readMigrationStatus(client);
    for (const file of pending) say(`pending  ${file.name}`);
    for (const name of failed) say(`failed   ${name}`);
    for (const name of edited) say(`edited   ${name} (the file is not what was applied)`);
    for (const name of unknown) say(`unknown  ${name} (applied, but not in this version)`);
    if (pending.length + failed.length + edited.length + unknown.length === 0) say("The database is up to date.");
  });
}

async function reset({ yes }: { yes?: boolean }): Promise<void> {
  if (!yes) throw new CommandError("This deletes everything in the database. Say so with --yes.");
  await withClient(async (client, url) => {
    await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    for (const name of await deployMigrations(url)) say(`applied ${name}`);
  });
}

async function withClient(use: (client: pg.Client, url: string) => Promise<void>): Promise<void> {
  const database = await openApplicationDatabase(readSettings());
  const client = new pg.Client({ connectionString: database.url });
  try {
    await client.connect();
    await use(client, database.url);
  } finally {
    await client.end().catch(() => {});
    await database.stop();
  }
}

const program = new Command("npm run db --").description("Migrations, while developing. Deployments use: tolstoy migrate");
program
  .command("create")
  .description("write a migration that brings the database to schema.prisma")
  .requiredOption("--name <name>", "what it changes")
  .option("--empty", "for hand-written SQL")
  .action(create);
program.command("check").description("fail when schema.prisma and the migrations disagree").action(check);
program.command("status").description("what the database has, lacks, or has otherwise").action(status);
program.command("reset").description("delete everything and migrate anew").option("--yes", "really").action(reset);

try {
  loadSettings();
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof CommandError ? error.message : describeFailure(error)}\n`);
  process.exitCode = 1;
}
