import { execFileSync } from "node:child_process";
import { chownSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** How to start a program that refuses to run as root. */
export interface Unprivileged {
  uid?: number;
  gid?: number;
  /** Program and arguments to put before the real ones. */
  prefix: string[];
  /** Gives the other user a file or folder. */
  own(path: string): void;
}

const asOurselves: Unprivileged = { prefix: [], own: () => {} };

/**
 * Postgres does not run as root. A root user (a container, mostly) hands it to `postgres` or `nobody`; where the checkout is
 * in a folder that only root may enter, that user needs one capability more to find its files.
 * @param paths what the program has to reach
 */
export function unprivilegedUser(paths: string[]): Unprivileged {
  if (process.getuid?.() !== 0) return asOurselves;
  const { uid, gid } = lookUp("postgres") ?? lookUp("nobody") ?? { uid: 65534, gid: 65534 };
  const own = (target: string) => chownSync(target, uid, gid);
  const closed = paths.map((target) => closedFolder(target)).find((folder) => folder !== null);
  if (!closed) return { uid, gid, prefix: [], own };
  for (const capability of ["dac_read_search", "dac_override"]) {
    const prefix = [
      "setpriv",
      `--reuid=${uid}`,
      `--regid=${gid}`,
      "--clear-groups",
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
    ];
    if (runs([...prefix, "true"])) return { prefix, own };
  }
  throw new Error(`Postgres does not run as root, and no other user may enter ${closed}. Run: chmod o+x ${closed} (or set DATABASE_URL).`);
}

function lookUp(user: string): { uid: number; gid: number } | null {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

/** The outermost folder above `target` that other users cannot enter. */
function closedFolder(target: string): string | null {
  const parent = path.dirname(target);
  if (parent === target) return null;
  return closedFolder(parent) ?? ((statSync(parent).mode & 0o001) === 0 ? parent : null);
}

function runs([program = "", ...args]: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
