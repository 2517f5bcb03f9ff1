import { Marked, type MarkedOptions, type RendererObject, type TokenizerObject, type Tokens } from "marked";
import { ParameterError } from "@/flow/execution/errors";

export interface HtmlOptions {
  tables: boolean;
  strikethrough: boolean;
  tasklists: boolean;
  simplifiedAutoLink: boolean;
  openLinksInNewWindow: boolean;
  simpleLineBreaks: boolean;
  noHeaderId: boolean;
  ghCompatibleHeaderId: boolean;
  prefixHeaderId: string;
  headerLevelStart: number;
  completeHTMLDocument: boolean;
}

/** Entities that the text has already stay as they are; quotes need no escape outside of attributes. */
const escaped = (text: string): string =>
  text
    .replace(/&(?!#?\w+;)/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
const quoted = (text: string): string => escaped(text).replace(/"/g, "&quot;");

/** What is nested is read anew for each level. */
const TOO_DEEP = /^[ \t]{200,}(?:[-*+]|\d{1,9}[.)])[ \t]|^(?:[ \t]{0,3}>){100}/m;

/** A plain dialect: what is GitHub's alone has to be asked for. Headings get ids unless told otherwise. */
export function markdownToHtml(source: string, options: HtmlOptions): string {
  if (TOO_DEEP.test(source)) throw new ParameterError("markdown", "nests lists or quotes more than 100 deep");
  const marked = new Marked({ gfm: true, breaks: options.simpleLineBreaks } satisfies MarkedOptions, {
    renderer: renderer(options),
    tokenizer: tokenizer(options),
  });
  const body = (marked.parse(source, { async: false }) as string).trimEnd();
  if (!options.completeHTMLDocument) return body;
  return `<!DOCTYPE HTML>\n<html>\n<head>\n<meta charset="utf-8">\n</head>\n<body>\n${body}\n</body>\n</html>`;
}

/** Undefined: there is no such thing in this dialect; false: as usual. */
const tokenizer = ({ tables, strikethrough, simplifiedAutoLink }: HtmlOptions): TokenizerObject => ({
  table: () => (tables ? false : undefined),
  del: () => (strikethrough ? false : undefined),
  url: () => (simplifiedAutoLink ? false : undefined),
});

function renderer(options: HtmlOptions): RendererObject {
  const ids = new Map<string, number>();
  const idOf = (title: string): string => {
    const plain = options.ghCompatibleHeaderId ? title.replace(/ /g, "-").replace(/[^\w-]/g, "") : title.replace(/[^\w]/g, "");
    const id = options.prefixHeaderId + plain.toLowerCase();
    const count = ids.get(id) ?? 0;
    ids.set(id, count + 1);
    return count === 0 ? id : `${id}-${count}`;
  };
  return {
    heading({ tokens, depth, text }: Tokens.Heading) {
      const level = Math.min(6, depth + options.headerLevelStart - 1);
      const id = options.noHeaderId ? "" : ` id="${quoted(idOf(text))}"`;
      return `<h${level}${id}>${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
    blockquote({ tokens }: Tokens.Blockquote) {
      return `<blockquote>\n  ${this.parser.parse(tokens).trimEnd().replace(/\n/g, "\n  ")}\n</blockquote>\n`;
    },
    code({ text, lang }: Tokens.Code) {
      const name = /^\S+/.exec(lang ?? "")?.[0];
      return `<pre><code${name ? ` class="${quoted(name)} language-${quoted(name)}"` : ""}>${escaped(text)}\n</code></pre>\n`;
    },
    codespan: ({ text }: Tokens.Codespan) => `<code>${text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")}</code>`,
    text(token: Tokens.Text | Tokens.Escape) {
      if ("tokens" in token && token.tokens) return this.parser.parseInline(token.tokens);
      return escaped(token.text);
    },
    checkbox: ({ checked }: Tokens.Checkbox) =>
      options.tasklists
        ? `<input type="checkbox" disabled style="margin: 0px 0.35em 0.25em -1.6em; vertical-align: middle;"${checked ? " checked" : ""}>`
        : `[${checked ? "x" : " "}] `,
    listitem({ tokens, task }: Tokens.ListItem) {
      const style = task && options.tasklists ? ' class="task-list-item" style="list-style-type: none;"' : "";
      return `<li${style}>${this.parser.parse(tokens).trimEnd()}</li>\n`;
    },
    link({ href, title, tokens }: Tokens.Link) {
      const blank = options.openLinksInNewWindow ? ' rel="noopener noreferrer" target="_blank"' : "";
      return `<a href="${quoted(href)}"${title ? ` title="${quoted(title)}"` : ""}${blank}>${this.parser.parseInline(tokens)}</a>`;
    },
    image: ({ href, title, text }: Tokens.Image) =>
      `<img src="${quoted(href)}" alt="${quoted(text)}"${title ? ` title="${quoted(title)}"` : ""} />`,
    hr: () => "<hr />\n",
    br: () => "<br />\n",
  };
}
