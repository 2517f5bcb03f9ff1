import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import type { ImportIssue } from "@/flow/n8n/report";
import type { ImportOutcome } from "./use-import-flows";

const LABELS = {
  missing: { tone: "warning", text: "Missing" },
  changed: { tone: "info", text: "Different" },
  note: { tone: "neutral", text: "Note" },
} as const;
const ORDER: ImportIssue["severity"][] = ["missing", "changed", "note"];

/** What became of imported files: flows to open, and what each of them still needs. */
export function ImportReportDialog({ outcomes, onClose }: { outcomes: ImportOutcome[] | null; onClose: () => void }) {
  return (
    <Dialog open={outcomes !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent className="max-w-2xl">
        <DialogHeader>
          <DialogTitle>Import report</DialogTitle>
          <DialogDescription>What has no counterpart here stays on the canvas as a placeholder.</DialogDescription>
        </DialogHeader>
        <div className="grid gap-5">
          {outcomes?.map((outcome, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two files may have the same name, and the list never changes
            <Outcome key={index} outcome={outcome} />
          ))}
        </div>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Close</Button>
          </DialogClose>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function Outcome({ outcome: { file, flow, report, error } }: { outcome: ImportOutcome }) {
  const issues = [...(report?.issues ?? [])].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <section className="grid gap-2">
      <div className="flex items-center justify-between gap-3">
        <div className="min-w-0">
          <h3 className="truncate font-medium text-sm">{flow?.name ?? file}</h3>
          <p className={error ? "text-destructive-text text-xs" : "text-muted-foreground text-xs"}>{error ?? summary(report)}</p>
        </div>
        {flow ? (
          <Button asChild size="sm" variant="primary">
            <Link href={`/flows/${flow.id}`}>Open flow</Link>
          </Button>
        ) : null}
      </div>
      {issues.length > 0 || (report?.credentials.length ?? 0) > 0 ? (
        <ul className="grid divide-y divide-border rounded-lg border border-border text-xs">
          {issues.map(({ severity, node, field, message }) => (
            <li key={`${node}/${field}/${message}`} className="flex gap-2.5 px-3 py-2">
              <Badge className="shrink-0" tone={LABELS[severity].tone}>
                {LABELS[severity].text}
              </Badge>
              <p className="min-w-0 break-words">
                {node || field ? <span className="block font-medium">{[node, field].filter(Boolean).join(" · ")}</span> : null}
                <span className="block first-letter:uppercase">{message}</span>
              </p>
            </li>
          ))}
          {report?.credentials.map(({ node, type, name }) => (
            <li key={`${node}/${type}`} className="flex gap-2.5 px-3 py-2">
              <Badge className="shrink-0" tone="warning">
                Account
              </Badge>
              <p className="min-w-0 break-words">
                <span className="block font-medium">{node}</span>
                Connect “{name || type}” anew: secrets are not part of an export
              </p>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function summary(report: ImportOutcome["report"]): string {
  if (!report) return "Imported as it is.";
  const { total, converted, placeholders, notes } = report.nodes;
  const left = placeholders > 0 ? `, ${placeholders} as ${placeholders === 1 ? "a placeholder" : "placeholders"}` : "";
  return `${converted} of ${total - notes} nodes converted${left}.`;
}
