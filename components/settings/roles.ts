import type { Role } from "@/components/shell/session";

export const ROLES: { value: Role; label: string; description: string }[] = [
  { value: "owner", label: "Owner", description: "Everything, and who owns the organization" },
  { value: "admin", label: "Admin", description: "Flows, members, API keys and settings" },
  { value: "editor", label: "Editor", description: "Draws, publishes and runs flows" },
  { value: "viewer", label: "Viewer", description: "Looks at flows and executions" },
];

export const roleLabel = (role: Role): string => ROLES.find(({ value }) => value === role)?.label ?? role;
