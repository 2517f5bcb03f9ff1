"use client";
import { useEffect, useState } from "react";
import { formatDuration } from "@/components/editor/format";

const TICK_MS = 1_000;

/** How long something took, or has taken so far. */
export function Duration({ from, to, live, className }: { from: string | null; to: string | null; live: boolean; className?: string }) {
  const [now, setNow] = useState(() => Date.now());
  const ticking = live && from !== null && to === null;
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [ticking]);
  if (from === null || (to === null && !live)) return <span className={className}>–</span>;
  const ms = (to === null ? now : Date.parse(to)) - Date.parse(from);
  return (
    <span className={className} suppressHydrationWarning>
      {ticking && ms < 60_000 ? `${Math.max(0, Math.floor(ms / TICK_MS))} s` : formatDuration(ms)}
    </span>
  );
}
