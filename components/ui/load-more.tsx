"use client";
import { useEffect, useRef } from "react";
import { Button } from "./button";

/** The end of a list that goes on: loads more when it comes into view, or when asked. */
export function LoadMore({ loading, failed, onLoad }: { loading: boolean; failed: boolean; onLoad: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element || loading || failed) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onLoad(), { rootMargin: "200px" });
    observer.observe(element);
    return () => observer.disconnect();
  }, [loading, failed, onLoad]);
  return (
    <div ref={ref} className="flex items-center justify-center gap-3 py-4 text-muted-foreground text-sm">
      {failed ? "The next rows could not be loaded." : null}
      <Button size="sm" pending={loading} onClick={onLoad}>
        {failed ? "Try again" : "Show more"}
      </Button>
    </div>
  );
}
