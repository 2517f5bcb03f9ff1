/** What menus, lists of choices and popovers share, so that they look like one family. */
export const surfaceClasses =
  "z-50 overflow-hidden rounded-lg border border-border bg-popover text-popover-foreground shadow-pop outline-none data-[state=open]:animate-in data-[state=closed]:animate-out data-[state=open]:fade-in-0 data-[state=closed]:fade-out-0 data-[state=open]:zoom-in-98 data-[state=closed]:zoom-out-98 duration-100";

export const itemClasses =
  "relative flex min-h-7 cursor-pointer select-none items-center gap-2 rounded-md px-2 py-1 text-sm outline-none focus:bg-hover focus:text-foreground data-[disabled]:pointer-events-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg:not([class*='size-'])]:size-4 [&_svg:not([class*='text-'])]:text-muted-foreground [&_svg]:shrink-0";
