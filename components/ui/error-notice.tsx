import { RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "./button";
import { cn } from "./cn";

/** A part of the page that could not be loaded: what, why, and the way to try again. */
export function ErrorNotice({
  title,
  message,
  onRetry,
  retrying,
  className,
}: {
  title: string;
  message: string;
  onRetry?: () => void;
  retrying?: boolean;
  className?: string;
}) {
  return (
    <div
      role="alert"
      className={cn(
        "flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-destructive/30 bg-destructive-soft px-4 py-3 text-sm",
        className,
      )}
    >
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-destructive-text" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{title}</p>
        <p className="break-words text-muted-foreground">{message}</p>
      </div>
      {onRetry ? (
        <Button size="sm" onClick={onRetry} pending={retrying}>
          <RotateCw aria-hidden="true" />
          Try again
        </Button>
      ) : null}
    </div>
  );
}
