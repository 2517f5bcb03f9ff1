import { createElement, Fragment, memo, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { type Block, parseNote, type Span } from "./note-markdown";

/** Children that stand where they stand: a changed note is drawn anew. */
const together = (children: ReactNode[]): ReactNode => createElement(Fragment, null, ...children);

/** A note's text, as React elements: no HTML is ever made of what people wrote. */
export const NoteText = memo(function NoteText({ content }: { content: string }) {
  return <div className="grid grid-cols-1 gap-2 break-words text-sm leading-5">{together(parseNote(content).map(blockElement))}</div>;
});

const HEADINGS = ["text-xl leading-7", "text-lg leading-6", "text-base", "text-sm", "text-sm", "text-xs"];
const HEADING_TAGS = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;

function blockElement(block: Block): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Heading = HEADING_TAGS[block.level - 1] ?? "h6";
      return <Heading className={cn("font-semibold", HEADINGS[block.level - 1])}>{spanElements(block.spans)}</Heading>;
    }
    case "paragraph":
    case "quote":
      return (
        <p className={cn(block.kind === "quote" && "border-current/25 border-l-2 pl-2 opacity-80")}>
          {together(block.lines.flatMap((spans, line) => (line > 0 ? [<br key="break" />, spanElements(spans)] : [spanElements(spans)])))}
        </p>
      );
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      return <List className={cn("pl-5", block.ordered ? "list-decimal" : "list-disc")}>{together(block.items.map(itemElement))}</List>;
    }
    case "code":
      return (
        <pre className="overflow-x-auto rounded bg-current/7 p-2 font-mono text-xs">
          <code>{block.text}</code>
        </pre>
      );
    case "rule":
      return <hr className="border-current/20" />;
  }
}

const itemElement = ({ done, depth, spans }: Extract<Block, { kind: "list" }>["items"][number]): ReactNode => (
  <li style={{ marginLeft: depth * 16 - (done === null ? 0 : 16) }} className={cn(done !== null && "list-none")}>
    {done === null ? null : (
      <span role="img" aria-label={done ? "Done" : "To do"}>
        {done ? "☑ " : "☐ "}
      </span>
    )}
    {spanElements(spans)}
  </li>
);

const spanElements = (spans: readonly Span[]): ReactNode => together(spans.map(spanElement));

function spanElement(span: Span): ReactNode {
  switch (span.kind) {
    case "text":
      return span.text;
    case "code":
      return <code className="rounded bg-current/7 px-1 font-mono text-[0.9em]">{span.text}</code>;
    case "link":
      return (
        <a href={span.href} target="_blank" rel="noreferrer noopener" className="nodrag underline underline-offset-2 hover:opacity-75">
          {spanElements(span.spans)}
        </a>
      );
    case "strong":
      return <strong>{spanElements(span.spans)}</strong>;
    case "emphasis":
      return <em>{spanElements(span.spans)}</em>;
    case "strike":
      return <s>{spanElements(span.spans)}</s>;
  }
}
