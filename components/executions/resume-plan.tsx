import type { inferRouterOutputs } from "@trpc/server";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import type { AppRouter } from "@/server/trpc/router";

type Plan = inferRouterOutputs<AppRouter>["executions"]["resumptionPlan"];
type Steps = Pick<Plan, "reuse" | "keep" | "maybe" | "run" | "repeatedWrites" | "unclearWrites">;

const steps = (count: number): string => `${count} ${count === 1 ? "step" : "steps"}`;

const PARTS: { part: "reuse" | "keep" | "maybe" | "run"; label: string; className: string }[] = [
  { part: "reuse", label: "taken over", className: "text-muted-foreground" },
  { part: "keep", label: "kept: already done", className: "text-muted-foreground" },
  { part: "maybe", label: "run again if their input differs", className: "text-foreground" },
  { part: "run", label: "run", className: "font-medium text-foreground" },
];

function Warning({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex items-start gap-2 rounded-lg border border-warning/40 bg-warning-soft p-2.5 text-sm text-warning-text">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

/** Sums of a plan, or of several. */
export function PlanSums({ sums }: { sums: Steps }) {
  return (
    <div className="grid gap-2">
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {PARTS.filter(({ part }) => sums[part] > 0).map(({ part, label, className }) => (
          <li key={part} className={className}>
            <span className="tabular-nums">{sums[part]}</span> {label}
          </li>
        ))}
      </ul>
      {sums.repeatedWrites > 0 ? (
        <Warning>
          {steps(sums.repeatedWrites)} that sent or changed something {sums.repeatedWrites === 1 ? "is" : "are"} done once more.
        </Warning>
      ) : null}
      {sums.unclearWrites > 0 ? (
        <Warning>
          {steps(sums.unclearWrites)} {sums.unclearWrites === 1 ? "was" : "were"} cut off while sending or changing something, and{" "}
          {sums.unclearWrites === 1 ? "runs" : "run"} again. {sums.unclearWrites === 1 ? "It" : "They"} may have taken effect: look at the
          service first.
        </Warning>
      ) : null}
    </div>
  );
}

/** What resuming will do, node by node, in the order of the flow. */
export function ResumePlan({ plan }: { plan: Plan }) {
  return (
    <div className="grid grid-cols-1 gap-3">
      <PlanSums sums={plan} />
      <ol aria-label="Steps" className="max-h-72 overflow-y-auto rounded-lg border border-border">
        {plan.nodes.map((node) => {
          const total = node.reuse + node.keep + node.maybe + node.run;
          const quiet = node.run + node.maybe === 0;
          return (
            <li key={node.nodeId} className="grid grid-cols-1 gap-0.5 border-border border-b px-3 py-2 last:border-b-0">
              <p className="flex items-baseline gap-2 text-sm">
                <span className={cn("min-w-0 truncate", quiet ? "text-muted-foreground" : "font-medium")}>{node.nodeName}</span>
                {total > 1 ? <span className="text-muted-foreground text-xs tabular-nums">×{total}</span> : null}
                {node.repeatedWrites > 0 ? <Badge className="text-warning-text">Done again</Badge> : null}
                {node.unclearWrites > 0 ? <Badge className="text-warning-text">Perhaps done</Badge> : null}
                <span className="ml-auto shrink-0 text-muted-foreground text-xs">{summaryOf(node, total)}</span>
              </p>
              {node.reasons.map((reason) => (
                <p key={reason} className="text-muted-foreground text-xs">
                  {reason}
                </p>
              ))}
            </li>
          );
        })}
      </ol>
      {plan.following.length > 0 ? (
        <p className="text-muted-foreground text-xs">Then, by what these give: {plan.following.join(", ")}</p>
      ) : null}
      {plan.gone.length > 0 ? (
        <p className="text-muted-foreground text-xs">
          Not in the flow any more, and not used: {plan.gone.map(({ nodeName }) => nodeName).join(", ")}
        </p>
      ) : null}
    </div>
  );
}

function summaryOf(node: Steps, total: number): string {
  const parts = [
    node.reuse > 0 && "taken over",
    node.keep > 0 && "kept",
    node.maybe > 0 && "perhaps again",
    node.run > 0 && (total > node.run ? `${node.run} ${node.run === 1 ? "runs" : "run"}` : "runs"),
  ].filter(Boolean);
  return parts.join(" · ");
}
