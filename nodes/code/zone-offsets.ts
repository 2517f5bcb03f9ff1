import { DateTime } from "luxon";

const cache = new Map<string, [from: number, offset: number][]>();
const STEP_MS = 14 * 86_400_000;
const YEARS = 10;

/**
 * A zone's offsets from UTC in minutes, each with the instant from which it holds, some years around now: what code in the
 * sandbox, which knows no zones, computes local times with.
 */
export function zoneOffsets(timezone: string, now: number): [from: number, offset: number][] {
  const key = `${timezone} ${new Date(now).getUTCFullYear()}`;
  const known = cache.get(key);
  if (known) return known;
  const offsetAt = (instant: number): number => DateTime.fromMillis(instant, { zone: timezone }).offset;
  const start = now - YEARS * 365 * 86_400_000;
  const end = now + YEARS * 365 * 86_400_000;
  const offsets: [number, number][] = [[Number.MIN_SAFE_INTEGER, offsetAt(start)]];
  for (let at = start; at < end; at += STEP_MS) {
    const next = offsetAt(at + STEP_MS);
    if (next === offsets.at(-1)?.[1]) continue;
    let [low, high] = [at, at + STEP_MS];
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === next) high = middle;
      else low = middle;
    }
    offsets.push([Math.round(high / 1000) * 1000, next]);
  }
  if (cache.size > 100) cache.clear();
  cache.set(key, offsets);
  return offsets;
}
