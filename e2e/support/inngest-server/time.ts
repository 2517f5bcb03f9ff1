const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds from now that a duration ("1m30s") or an ISO date means; never negative. */
export function delayOf(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/gy)];
  if (parts.length > 0 && parts.map(([whole]) => whole).join("") === text) {
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit!]!, 0);
  }
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new Error(`Unreadable time "${text}"`);
  return Math.max(0, instant - Date.now());
}

/** Milliseconds that a `Retry-After` header asks for (seconds, or a date); undefined without one. */
export function retryAfterOf(header: string | undefined): number | undefined {
  if (!header) return undefined;
  return /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Math.max(0, Date.parse(header) - Date.now());
}
