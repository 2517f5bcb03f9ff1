import { TriangleAlert } from "lucide-react";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount, formatTime } from "../format";
import type { FlowTrigger } from "../state/flow-context";

type Failing = NonNullable<FlowTrigger["schedule"]>;

/**
 * What keeps a trigger from its work, since when, and when it is tried again; nothing while it works.
 * @param attempt what fails: "check"
 * @param meanwhile what becomes of what comes until then
 */
export function TriggerFailing({ failing, attempt, meanwhile }: { failing: Failing; attempt: string; meanwhile: string }) {
  const { failures, error, failingSince, nextAt } = failing;
  if (error === null) return null;
  return (
    <div role="alert" className="flex gap-2 rounded-lg border border-destructive/30 bg-destructive-soft p-3">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-destructive-text" />
      <div className="min-w-0">
        <p className="font-medium">{failures > 1 ? `${formatCount(failures, attempt)} in a row failed` : `The last ${attempt} failed`}</p>
        <p className="break-words text-muted-foreground">{error}</p>
        <p className="text-muted-foreground text-xs">
          {failures > 1 && failingSince ? (
            <>
              First failed <RelativeTime at={failingSince} />.{" "}
            </>
          ) : null}
          {nextAt ? `It is tried again ${formatTime(nextAt)}. ${meanwhile}` : null}
        </p>
      </div>
    </div>
  );
}
