import { ArrowUp } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Whether the list keeps itself up to date, and the way back when it doesn't. */
export function LiveMark({ live, failing, onShowLatest }: { live: boolean; failing: boolean; onShowLatest: () => void }) {
  if (!live) {
    return (
      <Button size="sm" onClick={onShowLatest}>
        <ArrowUp aria-hidden="true" />
        Show latest
      </Button>
    );
  }
  return (
    <span role="status" className="inline-flex h-7 items-center gap-2 text-muted-foreground text-xs">
      <span aria-hidden="true" className={failing ? "size-1.5 rounded-full bg-warning" : "size-1.5 rounded-full bg-success"} />
      {failing ? "Reconnecting…" : "Live"}
    </span>
  );
}
