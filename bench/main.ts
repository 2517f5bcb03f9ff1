import { spawnSync } from "node:child_process";
import { benchItems } from "./items";
import { benchWebhooks } from "./webhook";

benchItems();
await benchWebhooks();
// The engine without the web server, in a process of its own.
const { status } = spawnSync(process.execPath, ["--import", "tsx", "bench/engine.ts"], { stdio: "inherit" });
process.exitCode = status ?? 1;
