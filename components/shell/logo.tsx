import { cn } from "@/components/ui/cn";

/** Two steps that lead to a third: a T. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={cn("size-6 shrink-0", className)}>
      <rect width="32" height="32" rx="8" className="fill-primary" />
      <path d="M9 10.5h14M16 10.5V22" fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
      <circle cx="8.5" cy="10.5" r="3" fill="#fff" />
      <circle cx="23.5" cy="10.5" r="3" fill="#fff" />
      <circle cx="16" cy="22.5" r="3" fill="#fff" />
    </svg>
  );
}
