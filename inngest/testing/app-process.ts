import { startTestApp } from "./app";

/** The test app as a process of its own, to be killed: `DATABASE_URL`, `INNGEST_DEV`, `EFFECTS_URL` and `PORT` say where. */
const { DATABASE_URL = "", INNGEST_DEV = "", EFFECTS_URL = "", PORT = "0" } = process.env;
await startTestApp({ databaseUrl: DATABASE_URL, inngestUrl: INNGEST_DEV, effectsUrl: EFFECTS_URL, port: Number(PORT) });
process.stdout.write("ready\n");
// Nothing may outlive the test that started this.
setInterval(() => {
  if (process.ppid === 1) process.exit(1);
}, 500);
