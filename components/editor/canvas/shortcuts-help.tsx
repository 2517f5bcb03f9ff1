"use client";
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useEditor } from "../state/editor-context";

const GROUPS: { title: string; keys: [string[], string][] }[] = [
  {
    title: "Build",
    keys: [
      [["N"], "Add a node"],
      [["Tab"], "Add a node (canvas in focus)"],
      [["Shift", "S"], "Add a note"],
      [["Enter"], "Open the selected node"],
      [["F2"], "Rename"],
      [["D"], "Disable or enable"],
      [["P"], "Pin or unpin its data"],
      [["T"], "Test the selected node"],
      [["Ctrl", "Enter"], "Run; in an open node: test it"],
    ],
  },
  {
    title: "Edit",
    keys: [
      [["Ctrl", "C"], "Copy"],
      [["Ctrl", "X"], "Cut"],
      [["Ctrl", "V"], "Paste"],
      [["Ctrl", "D"], "Duplicate"],
      [["Del"], "Delete"],
      [["Ctrl", "Z"], "Undo"],
      [["Ctrl", "Y"], "Redo"],
    ],
  },
  {
    title: "Look around",
    keys: [
      [["Shift", "1"], "Fit to screen"],
      [["Shift", "L"], "Tidy up"],
      [["Ctrl", "A"], "Select all"],
      [["↑", "↓", "←", "→"], "Go to the next node"],
      [["Shift", "→"], "Nudge the selection"],
      [["Space"], "Hold and drag to move the canvas"],
      [["Ctrl", "Scroll"], "Zoom"],
    ],
  },
];

export function ShortcutsHelp() {
  const open = useEditor((state) => state.isHelpOpen);
  const setHelpOpen = useEditor((state) => state.setHelpOpen);
  return (
    <Dialog open={open} onOpenChange={setHelpOpen}>
      <DialogContent className="max-w-3xl">
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogDescription>On a Mac, ⌘ stands for Ctrl.</DialogDescription>
        </DialogHeader>
        <div className="grid gap-6 sm:grid-cols-3">
          {GROUPS.map((group) => (
            <section key={group.title}>
              <h3 className="mb-2 font-medium text-muted-foreground text-xs">{group.title}</h3>
              <dl className="grid gap-1.5">
                {group.keys.map(([keys, meaning]) => (
                  <div key={meaning} className="flex items-center justify-between gap-3">
                    <dt>{meaning}</dt>
                    <dd className="flex gap-0.5">
                      {keys.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}
