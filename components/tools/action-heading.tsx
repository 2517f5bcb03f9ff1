import { Badge } from "@/components/ui/badge";
import { Method } from "./method";

/** Which action it is, and what it does to the service. */
export function ActionHeading({
  action: { name, method, endpoint, group, effect, deprecated, version },
}: {
  action: {
    name: string;
    method: string;
    endpoint: string;
    group: string | null;
    effect: string;
    deprecated: boolean;
    /** Of an action that can be edited. */
    version?: number;
  };
}) {
  return (
    <div className="min-w-0">
      <h2 className="break-words font-semibold text-base">{name}</h2>
      <p className="mt-1 flex min-w-0 items-baseline gap-1.5 text-xs">
        <Method method={method} />
        <span className="min-w-0 break-all font-mono text-muted-foreground">{endpoint || "/"}</span>
      </p>
      <p className="mt-2 flex flex-wrap gap-1.5">
        {group ? <Badge className="max-w-60 truncate">{group}</Badge> : null}
        <Badge tone={effect === "read" ? "info" : "warning"}>{effect === "read" ? "Reads" : "Changes something"}</Badge>
        {deprecated ? <Badge tone="danger">Deprecated</Badge> : null}
        {version === undefined ? null : <Badge>v{version}</Badge>}
      </p>
    </div>
  );
}
