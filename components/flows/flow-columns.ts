import type { ListColumn } from "@/components/ui/list-table";

export const FLOW_COLUMNS: ListColumn[] = [
  { title: "Name", bar: "h-4" },
  { title: "Last run", className: "w-32 max-sm:hidden", bar: "w-16" },
  { title: "Changed", className: "w-28 max-md:hidden", bar: "w-12" },
  { title: "Active", className: "w-18", bar: "h-4.5 w-8 rounded-full" },
  { title: "Actions", className: "w-11", quiet: true },
];
