import { startEmbeddedPostgres } from "../database/embedded-postgres";

// A process of its own that owns a Postgres: tests kill it. Arguments: data directory, and `temporary`.
const [, , directory = "", temporary] = process.argv;
const server = await startEmbeddedPostgres({
  directory,
  password: "postgres",
  temporary: temporary === "temporary",
  settings: { fsync: "off" },
});
process.stdout.write(`${JSON.stringify({ url: server.url("postgres"), owned: server.owned })}\n`);
process.once("SIGTERM", () => void server.stop().then(() => process.exit(0)));
setInterval(() => {}, 1_000);
