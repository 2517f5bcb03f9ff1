"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";

const VIEWS = [
  { href: "/executions", label: "Executions" },
  { href: "/executions/arrivals", label: "Arrivals" },
];

/** What ran, and what came and was kept because it could not run. */
export function ExecutionViews() {
  const pathname = usePathname();
  return (
    <nav aria-label="Executions" className="flex h-8 items-center gap-0.5 justify-self-start rounded-lg bg-subtle p-0.5">
      {VIEWS.map(({ href, label }) => {
        const current = pathname === href;
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={cn(
              "inline-flex h-7 items-center rounded-md px-2.5 font-medium text-muted-foreground text-sm outline-none transition-colors duration-100 hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
              current && "bg-raised text-foreground shadow-xs",
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
