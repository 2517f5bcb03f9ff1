"use client";
import { Switch } from "@/components/ui/switch";
import { useForm } from "../form-context";
import type { ControlProps } from "../value-control";

export function SwitchControl({ value, onChange, label, id, describedBy }: ControlProps) {
  const { readOnly } = useForm();
  return (
    <Switch
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      checked={value === true}
      disabled={readOnly}
      onCheckedChange={(checked) => onChange(checked)}
    />
  );
}
