"use client";
import { cn } from "@/components/ui/cn";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";

/** Some of a few values, each a button that is pressed or not. Their order in the value is that of the options. */
export function ChoicesControl({ field, value, onChange, label, id, describedBy }: ControlProps) {
  const { readOnly } = useForm();
  const chosen = Array.isArray(value) ? value : [];
  const options = field.options ?? [];
  return (
    <fieldset id={id} aria-describedby={describedBy} className="flex flex-wrap gap-1" disabled={readOnly}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => {
        const active = chosen.includes(option.value);
        return (
          <button
            key={String(option.value)}
            type="button"
            aria-pressed={active}
            onClick={() =>
              onChange(options.map((each) => each.value).filter((each) => (each === option.value ? !active : chosen.includes(each))))
            }
            className={cn(
              "h-7 cursor-pointer rounded-md border border-input px-2 text-muted-foreground text-xs outline-none hover:bg-hover focus-visible:ring-2 focus-visible:ring-ring",
              active && "border-ring bg-primary-soft font-medium text-primary-text",
            )}
          >
            {option.label}
          </button>
        );
      })}
    </fieldset>
  );
}
