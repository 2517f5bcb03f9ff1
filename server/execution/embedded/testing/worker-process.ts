import { createEmbeddedEngine } from "../engine";
import { TEST_LEASE_MS } from "./lease";
import { runScripts } from "./scripts";

// A process that runs executions until it is killed: `node --import tsx worker-process.ts <database url> <effects url>`.
// Each `write` step tells the server at the effects URL when it starts, and again when it has ended.
const [databaseUrl, effectsUrl] = process.argv.slice(2) as [string, string];

const effect = async (name: string, phase: string) => {
  const response = await fetch(`${effectsUrl}/${phase}/${name}`, { method: "POST" });
  if (!response.ok) throw new Error(`The effects server answered ${response.status}`);
};

const write = (name: string) => async () => {
  await effect(name, "begin");
  await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
  await effect(name, "end");
  return { name };
};

await createEmbeddedEngine({
  connectionString: databaseUrl,
  logger: {
    debug() {},
    info() {},
    warn() {},
    error: (details, message) => process.stderr.write(`${message} ${JSON.stringify(details)}\n`),
  },
  liveBus: { isHeard: () => false, publish() {} },
  leaseMs: TEST_LEASE_MS,
  heartbeatMs: 400,
  quietMs: 1000,
  pollMs: 200,
  inMemoryWaitMs: 100,
  run: runScripts({
    chain: async (steps, input) => {
      for (let index = 0; index < 5; index++) {
        await steps.run(`write${index}`, write(`${input.n}-write${index}`), { effect: "write" });
        await steps.run(`pure${index}`, () => ({ index }));
        if (index === 1) await steps.sleep("nap", new Date(Date.now() + 500));
      }
      await Promise.all([5, 6].map((index) => steps.run(`write${index}`, write(`${input.n}-write${index}`), { effect: "write" })));
    },
  }),
});
process.send?.("ready");
