import { ExternalLink } from "lucide-react";
import type { ServiceHint as Hint } from "./service-hints";

/** Where the values of a credential are got. */
export function ServiceHint({ hint: { text, url } }: { hint: Hint }) {
  return (
    <div className="rounded-lg bg-subtle px-3 py-2.5 text-sm">
      <p className="text-pretty">{text}</p>
      {url ? (
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className="mt-1 inline-flex max-w-full items-center gap-1 rounded-sm text-primary-text underline-offset-4 outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring"
        >
          <span className="truncate">{url.replace(/^https:\/\/(www\.)?/, "").replace(/\/$/, "")}</span>
          <ExternalLink aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="sr-only">(opens in a new tab)</span>
        </a>
      ) : null}
    </div>
  );
}
