"use client";
import { useEffect, useState } from "react";
import { relative } from "./relative";

const MAX_TIMEOUT_MS = 3_600_000;

const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** `5m ago`, kept true while it is shown; the exact instant on hover, in the viewer's zone. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const instant = Date.parse(at);
  const [now, setNow] = useState(() => Date.now());
  const { text, validForMs } = relative(instant, Math.max(now, 0));
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), Math.min(Math.max(validForMs, 250), MAX_TIMEOUT_MS));
    return () => clearTimeout(timer);
  });
  return (
    <time dateTime={at} title={exact.format(instant)} className={className} suppressHydrationWarning>
      {text}
    </time>
  );
}
