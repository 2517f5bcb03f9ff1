import { cn } from "@/components/ui/cn";
import type { StepDetail } from "./use-step";

/** Colours of the levels that stand out. */
export const LOG_TONES: Record<string, string> = { warn: "text-warning-text", error: "text-destructive-text", debug: "text-placeholder" };

/** `07:52:13` in the viewer's zone. */
export const formatClock = (iso: string): string => new Date(iso).toLocaleTimeString("en", { hour12: false });

/** What a node logged while it ran. */
export function LogLines({ lines }: { lines: StepDetail["logs"] }) {
  return (
    <section aria-label="Logs" className="grid gap-1">
      <h4 className="font-medium text-muted-foreground text-xs">Logs</h4>
      <ol className="grid max-h-80 gap-0.5 overflow-auto rounded-md border border-border bg-field p-2 font-mono text-xs">
        {lines.map((line) => (
          <li key={line.id} className="flex gap-2">
            <time dateTime={line.at} className="shrink-0 text-placeholder">
              {formatClock(line.at)}
            </time>
            <span className={cn("min-w-0 whitespace-pre-wrap break-words", LOG_TONES[line.level])}>
              {line.message}
              {line.data === null ? "" : ` ${JSON.stringify(line.data)}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
