import { cn } from "@/components/ui/cn";

const HUES = [277, 200, 155, 75, 30, 340, 310, 235];

/** A tile with the first letter; its hue comes from the id, so a thing keeps its colour. */
export function Avatar({ id, name, round, className }: { id: string; name: string; round?: boolean; className?: string }) {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + char.charCodeAt(0)) | 0;
  const hue = HUES[Math.abs(hash) % HUES.length];
  return (
    <span
      aria-hidden="true"
      // Drawn, not written: it is no part of the name that stands beside it.
      data-initial={[...name.trim()][0]?.toUpperCase() ?? "?"}
      className={cn(
        "grid size-6 shrink-0 place-items-center font-semibold text-[11px] text-white before:content-[attr(data-initial)]",
        round ? "rounded-full" : "rounded-md",
        className,
      )}
      style={{ backgroundColor: `oklch(0.52 0.13 ${hue})` }}
    />
  );
}
