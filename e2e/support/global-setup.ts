import { startApp } from "./server";

/** One app for all suites; a suite that stops, kills or configures one starts its own (`startApp`). */
export default async function setup(): Promise<() => Promise<void>> {
  const app = await startApp();
  process.env.E2E_URL = app.url;
  process.env.E2E_EMAIL = app.signIn.email;
  process.env.E2E_PASSWORD = app.signIn.password;
  process.env.E2E_DATA_DIR = app.dataDirectory;
  return () => app.dispose();
}
