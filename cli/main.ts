import { Command, Option } from "commander";
import { describeFailure } from "./failure";
import { loadSettings } from "./settings";

const program = new Command("tolstoy")
  .description("Draw a flow, connect your tools, run it durably and watch it live.")
  .showHelpAfterError("(--help shows what there is)");

// Each command loads only what it needs: `eval` starts without the server's code.
program
  .command("start")
  .description("migrate, build what changed and serve the app; with a Postgres of its own unless DATABASE_URL is set")
  .action(async () => (await import("./commands/start")).start("start"));

program
  .command("dev")
  .description("the same with hot reload")
  .action(async () => (await import("./commands/start")).start("dev"));

program
  .command("worker")
  .description("run executions apart from the web server (RUN_EXECUTIONS=false there); needs DATABASE_URL")
  .action(async () => (await import("./commands/worker")).work());

program
  .command("build")
  .description("build the app, unless its sources are those of the last build")
  .action(async () => (await import("./commands/build")).build());

program
  .command("migrate")
  .description("bring the database to this version")
  .action(async () => (await import("./commands/migrate")).migrate());

program
  .command("doctor")
  .description("tell what is configured, reachable, and not")
  .action(async () => (await import("./commands/doctor")).doctor());

program
  .command("run")
  .description("execute flow files in memory, without a server or a database")
  .argument("<file...>", "flow files or n8n workflows (JSON)")
  .option("--input <json>", "items for the trigger: a JSON object, an array of them, or @file")
  .option("--credentials <file>", "credentials by id or name: a JSON object of {type, fields, allowedHosts}")
  .option("--json", "print one line of JSON for each file")
  .action(async (files: string[], options: { input?: string; json?: boolean; credentials?: string }) =>
    (await import("./commands/run")).run(files, options),
  );

program
  .command("import")
  .description("convert n8n workflows and tell what became of each node; exports of our own are read as well")
  .argument("<file...>", "exported workflows (JSON)")
  .option("--org <slug>", "make them flows of this organization, in the app")
  .option("--publish", "publish them at once; with --org")
  .option("--out <path>", "write the converted flows to this folder or file")
  .option("--json", "print one line of JSON for each file: flow and report")
  .action(async (files: string[], options: { org?: string; publish?: boolean; out?: string; json?: boolean }) =>
    (await import("./commands/import")).importFiles(files, options),
  );

program
  .command("eval")
  .description('evaluate expressions: one line {"expression","items","itemIndex"} each, from standard input')
  .option("--json", "print one line of JSON for each expression")
  .action(async (options: { json?: boolean }) => (await import("./commands/eval")).evaluate(options));

const apiKey = program.command("apikey").description("keys for the REST API");
apiKey
  .command("create")
  .description("make a key and print it on the last line; it is not shown again")
  .requiredOption("--org <slug>", "organization that the key belongs to")
  .option("--name <name>", "to recognise it by", "Command line")
  .addOption(new Option("--role <role>", "what it may do").choices(["admin", "editor", "viewer"]).default("editor"))
  .action(async (options: { org: string; name: string; role: string }) => (await import("./commands/apikey")).createKey(options));

const keys = program.command("keys").description("master keys that stored secrets are sealed with");
keys
  .command("new")
  .description("print a new key for the front of TOLSTOY_MASTER_KEYS")
  .action(async () => (await import("./commands/keys")).newKey());
keys
  .command("rotate")
  .description("seal everything stored with the first key of TOLSTOY_MASTER_KEYS; the others are not needed afterwards")
  .action(async () => (await import("./commands/keys")).rotate());

try {
  loadSettings();
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
