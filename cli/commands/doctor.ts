import { accessSync, constants, existsSync } from "node:fs";
import type { Environment } from "@/server/env";
import { checkDatabase } from "../doctor/check-database";
import {
  checkAllowlist,
  checkApp,
  checkDaytona,
  checkEngine,
  checkLive,
  checkMail,
  checkSandbox,
  checkSignIn,
} from "../doctor/check-services";
import { broken, type Finding, off, ok } from "../doctor/finding";
import { describeFailure } from "../failure";
import { isBuildCurrent } from "../serve/build";
import { assertDeploymentSecrets } from "../serve/secrets";
import { readSettings, usesEmbeddedDatabase } from "../settings";

const marks = { ok: "ok  ", off: "–   ", broken: "FAIL" };

/** Prints what is configured, reachable, and not; the exit code is 1 when something has to be mended. */
export async function doctor(): Promise<void> {
  const settings = readSettings();
  const findings = [
    ok("Node", process.version),
    checkDataFolder(settings),
    ...(await checkDatabase(settings)),
    checkSecrets(),
    checkBuild(),
    ...(await Promise.all([
      checkApp(settings),
      checkEngine(settings),
      checkLive(settings),
      checkSandbox(),
      checkDaytona(settings),
      checkMail(settings),
    ])),
    checkSignIn(settings),
    checkAllowlist(settings),
  ];
  for (const { subject, state, text } of findings) process.stdout.write(`${marks[state]}  ${subject.padEnd(18)} ${text}\n`);
  process.exitCode = findings.some((finding) => finding.state === "broken") ? 1 : 0;
}

function checkDataFolder({ DATA_DIR }: Environment): Finding {
  if (!existsSync(DATA_DIR)) return off("Data folder", `${DATA_DIR}, made by the first start`);
  try {
    accessSync(DATA_DIR, constants.W_OK);
    return ok("Data folder", DATA_DIR);
  } catch {
    return broken("Data folder", `${DATA_DIR} cannot be written`);
  }
}

function checkSecrets(): Finding {
  if (usesEmbeddedDatabase()) return ok("Secrets", "generated into the data folder");
  try {
    assertDeploymentSecrets(process.env);
    return ok("Secrets", "set");
  } catch (error) {
    return broken("Secrets", describeFailure(error));
  }
}

const checkBuild = (): Finding =>
  isBuildCurrent() ? ok("Build", "made of the sources as they are") : off("Build", "the next start makes one");
