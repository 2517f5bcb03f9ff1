import { Fragment } from "react";

/** A line of text in which what stands between backticks is code. */
export function InlineCode({ text }: { text: string }) {
  const parts = text.split(/`([^`]+)`/);
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
      <code key={index} className="rounded bg-subtle px-1 py-px font-mono text-[0.92em] text-foreground [overflow-wrap:anywhere]">
        {part}
      </code>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}

/** The same text where only letters fit: a tooltip of the browser, a search. */
export const withoutBackticks = (text: string): string => text.replaceAll("`", "");
