/** `840 ms`, `3.2 s`, `2 m 5 s`, `1 h 3 m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
}

const plurals = new Intl.NumberFormat("en");
export const formatCount = (count: number, noun: string): string => `${plurals.format(count)} ${noun}${count === 1 ? "" : "s"}`;

const TIME: Intl.DateTimeFormatOptions = {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  // Without 12 hours alone, some browsers call midnight 24:00.
  hourCycle: "h23",
};

/** `Nov 20, 07:52:13` in the viewer's zone. */
export const formatTime = (iso: string): string => new Date(iso).toLocaleString("en", TIME);

/** `Nov 20, 07:52:13 GMT+1`: also says which zone that is, for a time that was set in another one. */
export const formatTimeInZone = (iso: string): string => new Date(iso).toLocaleString("en", { ...TIME, timeZoneName: "short" });

/** Milliseconds between two instants; null while one is missing. */
export const elapsed = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));

export const STATUS_LABELS: Record<string, string> = {
  queued: "Queued",
  running: "Running",
  waiting: "Waiting",
  paused: "Paused",
  succeeded: "Succeeded",
  failed: "Failed",
  skipped: "Skipped",
  cancelled: "Cancelled",
  timed_out: "Timed out",
};
