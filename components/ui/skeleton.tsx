import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Holds the place of something that is loading; hidden from assistive technology, which hears the region's own label. */
export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return <div aria-hidden="true" className={cn("skeleton rounded-md bg-skeleton", className)} {...props} />;
}
