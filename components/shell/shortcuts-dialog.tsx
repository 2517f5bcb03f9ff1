"use client";
import { Dialog, DialogContent, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useModifierKey } from "./modifier-key";
import { useShell } from "./shell-store";

/** What keys do outside the editor, which tells its own. */
export function ShortcutsDialog() {
  const { shortcutsOpen, setShortcutsOpen } = useShell();
  const modifier = useModifierKey();
  const rows: [string, string[]][] = [
    ["Search and commands", [modifier, "K"]],
    ["Go to flows", ["G", "F"]],
    ["Go to executions", ["G", "E"]],
    ["Go to settings", ["G", "S"]],
    ["Create a flow, in the list of flows", ["C"]],
    ["Search the list", ["/"]],
    ["Next and previous row", ["J", "K"]],
    ["These shortcuts", ["?"]],
  ];
  return (
    <Dialog open={shortcutsOpen} onOpenChange={setShortcutsOpen}>
      <DialogContent aria-describedby={undefined}>
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
        </DialogHeader>
        <dl className="grid divide-y divide-border-subtle">
          {rows.map(([label, keys]) => (
            <div key={label} className="flex items-center justify-between gap-4 py-2">
              <dt className="text-sm">{label}</dt>
              <dd className="flex shrink-0 gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
