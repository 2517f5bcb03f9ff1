import type { ReactNode } from "react";

/** Title and main actions of a page; the page's only h1. */
export function PageHeader({
  title,
  description,
  actions,
  icon,
}: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <div className="min-w-0">
        <div className="flex items-center gap-2.5">
          {icon}
          <h1 className="min-w-0 break-words font-semibold text-xl tracking-tight">{title}</h1>
        </div>
        {description ? <p className="mt-0.5 text-muted-foreground text-sm">{description}</p> : null}
      </div>
      {actions ? <div className="flex items-center gap-2">{actions}</div> : null}
    </header>
  );
}

/** The column that a page's content stands in. */
export function PageBody({ children }: { children: ReactNode }) {
  return <div className="mx-auto grid w-full max-w-6xl grid-cols-[minmax(0,1fr)] gap-5 px-4 py-6 sm:px-8 sm:py-8">{children}</div>;
}
