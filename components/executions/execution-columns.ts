import type { ListColumn } from "@/components/ui/list-table";

export const EXECUTION_COLUMNS: ListColumn[] = [
  { title: "Status", className: "w-32 max-sm:hidden", bar: "h-4 w-20" },
  { title: "Flow", bar: "h-4" },
  { title: "Started by", className: "w-28 max-md:hidden", bar: "w-16" },
  { title: "When", className: "w-24 max-sm:hidden", bar: "w-12" },
  { title: "Duration", className: "w-24 text-right max-sm:hidden", bar: "w-12" },
  { title: "Actions", className: "w-11", quiet: true },
];
