import { cn } from "@/components/ui/cn";
import type { StepDetail } from "./use-step";

const TONES: Record<string, string> = { warn: "text-warning-text", error: "text-destructive-text", debug: "text-placeholder" };

/** What a node logged while it ran. */
export function LogLines({ lines }: { lines: StepDetail["logs"] }) {
  return (
    <section aria-label="Logs" className="grid gap-1">
      <h4 className="font-medium text-muted-foreground text-xs">Logs</h4>
      <ol className="grid max-h-80 gap-0.5 overflow-auto rounded-md border border-border bg-field p-2 font-mono text-xs">
        {lines.map((line) => (
          <li key={line.id} className="flex gap-2">
            <time dateTime={line.at} className="shrink-0 text-placeholder">
              {new Date(line.at).toLocaleTimeString("en", { hour12: false })}
            </time>
            <span className={cn("min-w-0 whitespace-pre-wrap break-words", TONES[line.level])}>
              {line.message}
              {line.data === null ? "" : ` ${JSON.stringify(line.data)}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
