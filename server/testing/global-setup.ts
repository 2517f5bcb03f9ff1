import { startTestPostgres } from "./postgres";

/** One Postgres for all integration tests of a run. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestPostgres();
  process.env.TOLSTOY_TEST_POSTGRES_URL = server.adminUrl;
  return () => server.stop();
}
