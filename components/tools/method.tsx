import { cn } from "@/components/ui/cn";

const TONES: Record<string, string> = {
  GET: "text-info-text",
  HEAD: "text-info-text",
  POST: "text-success-text",
  PUT: "text-warning-text",
  PATCH: "text-warning-text",
  DELETE: "text-destructive-text",
};

/** A request's method, told apart by its colour as well. */
export function Method({ method }: { method: string }) {
  return <span className={cn("shrink-0 font-mono font-semibold text-xs", TONES[method] ?? "text-muted-foreground")}>{method}</span>;
}
