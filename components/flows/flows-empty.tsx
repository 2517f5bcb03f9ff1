import { Plus, Workflow } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";

const STEPS = [
  { title: "Start with a trigger", text: "A button, a webhook that another system calls, or a schedule." },
  { title: "Connect the steps", text: "Fetch, change, branch, wait. What one step gives, the next one takes." },
  { title: "Run, then publish", text: "Watch each step light up with real data. Published, it runs by itself." },
];

export function FlowsEmpty({ onCreate, pending }: { onCreate: (() => void) | null; pending: boolean }) {
  return (
    <Card>
      <EmptyState
        icon={Workflow}
        title="Draw your first flow"
        className="pb-10"
        actions={
          onCreate ? (
            <Button variant="primary" onClick={onCreate} pending={pending}>
              <Plus aria-hidden="true" />
              Create flow
            </Button>
          ) : null
        }
      >
        A flow is work that runs by itself: something happens, steps follow, and you can see every one of them afterwards.
        {onCreate ? " Have workflows in n8n? Drop their files here." : null}
        {onCreate ? null : " Your role may look, not change: ask an editor of this organization to draw one."}
      </EmptyState>
      <ol className="grid border-border border-t sm:grid-cols-3">
        {STEPS.map(({ title, text }, index) => (
          <li key={title} className="flex gap-3 border-border p-5 not-first:border-t sm:not-first:border-t-0 sm:not-first:border-l">
            <span
              aria-hidden="true"
              className="grid size-5 shrink-0 place-items-center rounded-full bg-primary-soft font-semibold text-[11px] text-primary-text"
            >
              {index + 1}
            </span>
            <div>
              <p className="font-medium text-sm">{title}</p>
              <p className="mt-0.5 text-muted-foreground text-xs">{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
