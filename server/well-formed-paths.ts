import diagnosticsChannel from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const holder = globalThis as unknown as { tolstoyWellFormedPaths?: true };

/**
 * The framework answers a path whose percent-encoding is broken (`/flows/%ff`) with a 500 of its own, before any code of ours is
 * asked. Here a stray % becomes what it stands for, and the path leads to nothing, as any other that does not exist. Call once,
 * when the process starts, before it listens.
 */
export function mendPaths(): void {
  if (holder.tolstoyWellFormedPaths) return;
  holder.tolstoyWellFormedPaths = true;
  diagnosticsChannel.subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    if (request.url?.includes("%")) request.url = wellFormed(request.url);
  });
}

/** A request's target with every stray % of its path encoded itself; the query stays as it is. */
export function wellFormed(target: string): string {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  if (isDecodable(path)) return target;
  const mended = path.replace(/(?:%[0-9a-f]{2})+|%/gi, (run) => (isDecodable(run) ? run : run.replaceAll("%", "%25")));
  return mark < 0 ? mended : mended + target.slice(mark);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
