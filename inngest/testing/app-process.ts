import type { NewExecution } from "@/server/execution/engine";
import { startTestApp } from "./app";

/** What the test asks of the app, and what it is told. */
export type ToApp = NewExecution;
export type FromApp = { ready: true } | { started: string };

/** The test app as a process of its own, to be killed: `DATABASE_URL`, `INNGEST_DEV`, `EFFECTS_URL` and `PORT` say where. */
const { DATABASE_URL = "", INNGEST_DEV = "", EFFECTS_URL = "", PORT = "0" } = process.env;
const { engine } = await startTestApp({ databaseUrl: DATABASE_URL, inngestUrl: INNGEST_DEV, effectsUrl: EFFECTS_URL, port: Number(PORT) });
const tell = (message: FromApp) => process.send?.(message);

process.on("message", (execution: ToApp) => {
  void engine.start(execution).then(({ executionId }) => tell({ started: executionId }));
});
// Nothing may outlive the test that started this.
process.on("disconnect", () => process.exit(1));
tell({ ready: true });
