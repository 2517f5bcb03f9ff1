import { parseArgs } from "node:util";
import { startInngestServer } from "./server";

/**
 * `node --import tsx e2e/support/inngest-server/main.ts --port 8288 [--app http://127.0.0.1:3000/api/inngest] [--tick 140]`
 * With `--app` it asks the app to register until that has worked; an app that registers by itself needs none.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8288" },
    app: { type: "string" },
    tick: { type: "string", default: "0" },
    backoff: { type: "string", default: "100" },
    "event-key": { type: "string" },
    "signing-key": { type: "string" },
  },
});

const server = await startInngestServer({
  port: Number(values.port),
  tickMs: Number(values.tick),
  backoffMs: Number(values.backoff),
  eventKey: values["event-key"],
  signingKey: values["signing-key"],
});
console.log(`Inngest stand-in (tests only) on ${server.url}`);

for (let registered = values.app === undefined; !registered; ) {
  registered = await server.sync(values.app!).then(
    () => true,
    () => new Promise<boolean>((resolve) => setTimeout(resolve, 500, false)),
  );
}
