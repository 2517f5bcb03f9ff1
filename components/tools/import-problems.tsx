import { Badge } from "@/components/ui/badge";

interface Problem {
  operation: string | null;
  message: string;
  kind: "skipped" | "changed";
}

const SHOWN = 200;

/** What an import could not take as it was, what is missing first. */
export function ImportProblems({ problems }: { problems: readonly Problem[] }) {
  if (problems.length === 0) return <p className="text-muted-foreground text-sm">Everything was taken as it is.</p>;
  const sorted = [...problems].sort((one, other) => Number(other.kind === "skipped") - Number(one.kind === "skipped"));
  return (
    <section aria-label="What to look at" className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="font-medium text-sm">What to look at</h3>
      <ul className="max-h-72 overflow-y-auto rounded-lg border border-border">
        {sorted.slice(0, SHOWN).map(({ operation, message, kind }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a report does not change once it is there, and lines may be alike
          <li key={index} className="flex items-start gap-2 border-border-subtle border-b px-3 py-2 text-sm last:border-b-0">
            <Badge tone={kind === "skipped" ? "danger" : "warning"}>{kind === "skipped" ? "Left out" : "Check"}</Badge>
            <span className="min-w-0 break-words">
              {operation ? <span className="block font-mono text-muted-foreground text-xs">{operation}</span> : null}
              {message}
            </span>
          </li>
        ))}
      </ul>
      {sorted.length > SHOWN ? <p className="text-muted-foreground text-xs">And {sorted.length - SHOWN} more.</p> : null}
    </section>
  );
}
