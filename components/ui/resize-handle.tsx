"use client";
import type { KeyboardEvent, PointerEvent } from "react";
import { cn } from "./cn";

const STEP = 16;

/**
 * The grip between two panes. `value` is the size in pixels of the pane that lies on the `side` of the handle:
 * `side: "right"` makes the pane right of it wider when the handle moves left. Arrow keys work too; double click resets.
 */
export function ResizeHandle({
  label,
  side,
  value,
  min,
  max,
  initial,
  onChange,
  className,
}: {
  label: string;
  side: "left" | "right" | "top" | "bottom";
  value: number;
  min: number;
  max: number;
  initial: number;
  onChange: (value: number) => void;
  className?: string;
}) {
  const vertical = side === "left" || side === "right";
  const sign = side === "left" || side === "top" ? 1 : -1;
  const set = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))));

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget;
    const start = vertical ? event.clientX : event.clientY;
    handle.setPointerCapture(event.pointerId);
    const move = (e: globalThis.PointerEvent) => set(value + sign * ((vertical ? e.clientX : e.clientY) - start));
    const stop = () => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", stop);
      handle.removeEventListener("pointercancel", stop);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", stop);
    handle.addEventListener("pointercancel", stop);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const grow = vertical ? "ArrowRight" : "ArrowDown";
    const shrink = vertical ? "ArrowLeft" : "ArrowUp";
    if (event.key !== grow && event.key !== shrink) return;
    event.preventDefault();
    set(value + sign * (event.key === grow ? STEP : -STEP));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a movable separator is a widget, which <hr> is not
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={vertical ? "vertical" : "horizontal"}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={onPointerDown}
      onDoubleClick={() => set(initial)}
      onKeyDown={onKeyDown}
      className={cn(
        "relative z-10 shrink-0 touch-none bg-border outline-none transition-colors after:absolute hover:bg-ring focus-visible:bg-ring active:bg-ring",
        vertical ? "w-px cursor-col-resize after:-inset-x-1 after:inset-y-0" : "h-px cursor-row-resize after:inset-x-0 after:-inset-y-1",
        className,
      )}
    />
  );
}
