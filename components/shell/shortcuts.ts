"use client";
import { useEffect } from "react";

const SEQUENCE_MS = 900;

/** Whether a key press belongs to whatever has the focus: a field, an editor, an open menu or dialog. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role=dialog], [role=alertdialog], [role=menu], [role=listbox]") !== null)
  );
}

/**
 * Plain keys, alone (`c`) or one after another (`g f`), while nobody is typing. Disabled where the page has plain keys of
 * its own.
 */
export function useShortcuts(shortcuts: Record<string, () => void>, enabled = true): void {
  useEffect(() => {
    if (!enabled) return;
    let first: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      const sequence = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${key}` : null;
      const action = (sequence ? shortcuts[sequence] : undefined) ?? shortcuts[key];
      first = action ? null : { key, at: event.timeStamp };
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [shortcuts, enabled]);
}
