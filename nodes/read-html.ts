import { type CheerioAPI, load } from "cheerio";
import { Parser } from "parse5";
import { adapter } from "parse5-htmlparser2-tree-adapter";

/** As deep as browsers nest. */
const MAX_DEPTH = 512;
/** Elements such as `<b>` that were not closed: each is opened anew in all that follows. */
const MAX_UNCLOSED = 100;
const MAX_ATTRIBUTES = 2000;
/** Characters between two looks at how deep it is. */
const STEP = 2048;

/**
 * A page of HTML. What takes the parser's time by the square, and holds up everything else meanwhile, is refused: a few hundred
 * thousand characters are enough for minutes of it.
 * @throws Error that says what there is too much of, and begins with a verb
 */
export function readHtml(source: string): CheerioAPI {
  const parser = new Parser({ treeAdapter: adapter });
  for (let at = 0; at < source.length; at += STEP) {
    parser.tokenizer.write(source.slice(at, at + STEP), at + STEP >= source.length);
    if (parser.openElements.stackTop > MAX_DEPTH) throw new Error(`nests elements more than ${MAX_DEPTH} deep`);
    if (parser.activeFormattingElements.entries.length > MAX_UNCLOSED) throw new Error(`leaves more than ${MAX_UNCLOSED} elements open`);
    // Typed as the parser's own business; there is no other way to know of a tag that does not end.
    const { currentToken } = parser.tokenizer as unknown as { currentToken: { attrs?: unknown[] } | null };
    if ((currentToken?.attrs?.length ?? 0) > MAX_ATTRIBUTES) {
      throw new Error(`has an element with more than ${MAX_ATTRIBUTES} attributes`);
    }
  }
  if (source === "") parser.tokenizer.write("", true);
  return load(parser.document);
}
