/** A piece of a line of a note. */
export type Span =
  | { kind: "text" | "code"; text: string }
  | { kind: "strong" | "emphasis" | "strike"; spans: Span[] }
  | { kind: "link"; href: string; spans: Span[] };

export type Block =
  | { kind: "heading"; level: number; spans: Span[] }
  | { kind: "paragraph" | "quote"; lines: Span[][] }
  | { kind: "list"; ordered: boolean; items: { /** Null: no task. */ done: boolean | null; depth: number; spans: Span[] }[] }
  | { kind: "code"; text: string }
  | { kind: "rule" };

/** Every part is bounded, so that a note of any size and shape is read in a time that grows with its length alone. */
const INLINE =
  /(?<code>`{1,3})(?<codeText>[^`]{1,400})\k<code>|(?<strong>\*\*|__)(?=\S)(?<strongText>.{1,400}?)\k<strong>|~~(?<strike>[^~]{1,400})~~|(?<![\w*])(?<emphasis>[*_])(?=\S)(?<emphasisText>[^*_]{1,400})\k<emphasis>(?!\w)|!?\[(?<label>[^\][]{0,400})\]\((?<target>[^)\s]{1,2000})(?:\s"[^"]{0,200}")?\)|(?<bare>https?:\/\/[^\s<>)]{1,2000})/u;

/** Only addresses that cannot run anything: a note may come from anyone's file. */
function safeHref(target: string): string | null {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(target).protocol) ? target : null;
  } catch {
    return null;
  }
}

export function spansOf(line: string, depth = 0): Span[] {
  const spans: Span[] = [];
  let rest = line;
  while (rest !== "") {
    const match = depth < 6 ? INLINE.exec(rest) : null;
    if (!match) {
      spans.push({ kind: "text", text: rest });
      break;
    }
    if (match.index > 0) spans.push({ kind: "text", text: rest.slice(0, match.index) });
    const { codeText, strongText, strike, emphasisText, label, target, bare } = match.groups ?? {};
    const inner = (text: string): Span[] => spansOf(text, depth + 1);
    if (codeText !== undefined) spans.push({ kind: "code", text: codeText });
    else if (strongText !== undefined) spans.push({ kind: "strong", spans: inner(strongText) });
    else if (strike !== undefined) spans.push({ kind: "strike", spans: inner(strike) });
    else if (emphasisText !== undefined) spans.push({ kind: "emphasis", spans: inner(emphasisText) });
    else {
      const href = safeHref(target ?? bare ?? "");
      const text = label || target || bare || "";
      if (href) spans.push({ kind: "link", href, spans: [{ kind: "text", text }] });
      else spans.push({ kind: "text", text: match[0] });
    }
    rest = rest.slice(match.index + match[0].length);
  }
  return spans;
}

const HEADING = /^ {0,3}(#{1,6})\s(.*)$/;
const ITEM = /^([ \t]*)(?:[-*+]|(\d{1,9})[.)])[ \t](?:[ \t]*\[([ xX])\][ \t])?(.*)$/;
const RULE = /^ {0,3}([-*_])(?: ?\1){2,}\s*$/;
const FENCE = /^ {0,3}(```|~~~)/;

/**
 * The Markdown that notes need: headings, paragraphs, lists and tasks, quotes, code, links, emphasis. What it gives is data,
 * never markup: HTML in a note is text like any other.
 */
export function parseNote(content: string): Block[] {
  const blocks: Block[] = [];
  const lines = content.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line);
    const item = RULE.test(line) ? null : ITEM.exec(line);
    if (fence) {
      const from = at + 1;
      do at++;
      while (at < lines.length && !lines[at]?.trimStart().startsWith(fence));
      blocks.push({ kind: "code", text: lines.slice(from, at).join("\n") });
    } else if (line.trim() === "") blocks.push({ kind: "paragraph", lines: [] });
    else if (RULE.test(line)) blocks.push({ kind: "rule" });
    else if (heading) blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, spans: spansOf((heading[2] ?? "").trim()) });
    else if (item) {
      const [, indent = "", number, task, text = ""] = item;
      const ordered = number !== undefined;
      const entry = {
        done: task === undefined ? null : task !== " ",
        depth: Math.min(4, Math.floor(indent.length / 2)),
        spans: spansOf(text),
      };
      const last = blocks.at(-1);
      if (last?.kind === "list" && (last.ordered === ordered || entry.depth > 0)) last.items.push(entry);
      else blocks.push({ kind: "list", ordered, items: [entry] });
    } else {
      const quoted = /^ {0,3}> ?(.*)$/.exec(line);
      const kind = quoted ? "quote" : "paragraph";
      const last = blocks.at(-1);
      if (last?.kind === kind && last.lines.length > 0) last.lines.push(spansOf(quoted?.[1] ?? line));
      else blocks.push({ kind, lines: [spansOf(quoted?.[1] ?? line)] });
    }
  }
  return blocks.filter((block) => block.kind !== "paragraph" || block.lines.length > 0);
}
