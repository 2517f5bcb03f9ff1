"use client";
import { Braces, Brackets, ChevronRight, CircleSlash, Hash, type LucideIcon, ToggleLeft, Type } from "lucide-react";
import { type DragEvent, useState } from "react";
import { cn } from "@/components/ui/cn";
import { toast } from "@/components/ui/toast";
import type { Item } from "@/flow/item";
import { EXPRESSION_DRAG_TYPE, NAME_DRAG_TYPE } from "../inspector/form-context";
import { accessor as accessorOf } from "../inspector/paths";
import { type SchemaField, schemaOf, type ValueKind } from "./data-schema";

const ICONS: Record<ValueKind, LucideIcon> = {
  text: Type,
  number: Hash,
  boolean: ToggleLeft,
  list: Brackets,
  object: Braces,
  null: CircleSlash,
};

/** Puts a value's expression on a drag, for the fields that take it. */
export function startExpressionDrag(event: DragEvent, source: string, name: string): void {
  event.dataTransfer.setData(EXPRESSION_DRAG_TYPE, source);
  event.dataTransfer.setData(NAME_DRAG_TYPE, name);
  event.dataTransfer.setData("text/plain", `{{ ${source} }}`);
  event.dataTransfer.effectAllowed = "copy";
}

/** The data's fields with an example each. Drag one onto a parameter, or press it to copy its expression. */
export function SchemaView({ items, accessor }: { items: readonly Item[]; accessor?: string | undefined }) {
  const fields = schemaOf(items);
  if (fields.length === 0) return <p className="px-1 py-2 text-muted-foreground text-sm">The items have no fields.</p>;
  return (
    <ul className="grid gap-0.5">
      {fields.map((field) => (
        <Field key={field.name} field={field} accessor={accessor} depth={0} />
      ))}
    </ul>
  );
}

function Field({ field, accessor, depth }: { field: SchemaField; accessor: string | undefined; depth: number }) {
  const [open, setOpen] = useState(depth < 2);
  const Icon = ICONS[field.kind];
  const source = accessor === undefined ? null : accessorOf(accessor, field.path);
  const name = typeof field.name === "number" ? `[${field.name}]` : field.name;
  const chip = (
    <>
      <Icon aria-hidden="true" className="size-3 shrink-0 text-muted-foreground" />
      <span className="truncate">{name}</span>
    </>
  );
  const chipClasses =
    "inline-flex h-6 max-w-48 shrink-0 items-center gap-1.5 rounded border border-border bg-raised px-1.5 font-mono text-xs";
  return (
    <li>
      <div className="flex min-w-0 items-center gap-1.5" style={{ paddingLeft: depth * 16 }}>
        {field.children.length > 0 ? (
          <button
            type="button"
            aria-label={`${open ? "Close" : "Open"} ${name}`}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="grid size-4 shrink-0 cursor-pointer place-items-center rounded text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
          >
            <ChevronRight aria-hidden="true" className={cn("size-3 transition-transform duration-100", open && "rotate-90")} />
          </button>
        ) : (
          <span className="w-4 shrink-0" />
        )}
        {source ? (
          <button
            type="button"
            draggable
            aria-label={`${name}: copy the expression`}
            title={`{{ ${source} }}`}
            onDragStart={(event) => startExpressionDrag(event, source, typeof field.name === "number" ? "item" : field.name)}
            onClick={() =>
              void navigator.clipboard
                .writeText(`{{ ${source} }}`)
                .then(() => toast("Expression copied"))
                .catch(() => toast.error("The browser refused to copy"))
            }
            className={cn(
              chipClasses,
              "cursor-grab outline-none hover:border-ring focus-visible:ring-2 focus-visible:ring-ring active:cursor-grabbing",
            )}
          >
            {chip}
          </button>
        ) : (
          <span className={chipClasses}>{chip}</span>
        )}
        <span className="min-w-0 truncate text-muted-foreground text-xs">{field.sample}</span>
      </div>
      {open && field.children.length > 0 ? (
        <ul className="mt-0.5 grid gap-0.5">
          {field.children.map((child) => (
            <Field key={child.name} field={child} accessor={accessor} depth={depth + 1} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}
