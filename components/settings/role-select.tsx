"use client";
import type { Role } from "@/components/shell/session";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import { ROLES, roleLabel } from "./roles";

export function RoleSelect<R extends Role>({
  value,
  onChange,
  roles,
  label,
  disabled,
  className,
  id,
}: {
  value: R;
  onChange: (role: R) => void;
  /** Those that may be chosen. */
  roles: readonly R[];
  label?: string;
  disabled?: boolean;
  className?: string;
  id?: string;
}) {
  const offered: readonly Role[] = roles;
  return (
    <Select value={value} onValueChange={(role) => onChange(role as R)} disabled={disabled}>
      <SelectTrigger id={id} aria-label={label} className={className}>
        <SelectValue>{roleLabel(value)}</SelectValue>
      </SelectTrigger>
      <SelectContent>
        {ROLES.filter((role) => offered.includes(role.value) || role.value === value).map((role) => (
          <SelectItem key={role.value} value={role.value} className="items-start py-1.5">
            <span className="grid">
              {role.label}
              <span className="text-muted-foreground text-xs">{role.description}</span>
            </span>
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
