import { compile, type JSONValue, search } from "@jmespath-community/jmespath";
import { allocate, step } from "../budget";
import { ExpressionError, LimitError } from "../errors";
import { toData } from "../methods/json";
import { checkKey, describeValue } from "../values";

const MAX_QUERY_LENGTH = 1000;
/** Values in the data times length of the query; the library cannot be stopped on its way. */
const MAX_WORK = 5_000_000;

/** JMESPath's own functions. The library's further ones (`pad_left`, `replace`, …) can make texts of any size. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  "abs avg ceil contains ends_with floor join keys length map max max_by merge min min_by not_null reverse sort sort_by starts_with sum to_array to_number to_string type values".split(
    " ",
  ),
);

/**
 * `$jmespath(data, query)`. An invalid query gives undefined.
 * @throws ExpressionError for arguments of other types, `LimitError` for more work than an expression may do.
 */
export function jmespath(data: unknown, query: unknown): unknown {
  if (typeof data !== "object" || data === null || typeof query !== "string") {
    throw new ExpressionError(`$jmespath(): expected two arguments (object, text), got ${describeValue(data)} and ${describeValue(query)}`);
  }
  if (query.length > MAX_QUERY_LENGTH) throw new LimitError(`A JMESPath query is longer than ${MAX_QUERY_LENGTH} characters`);
  const plain = toData(data, false);
  const written = quoteBareLiterals(query);
  const tree = compile(written);
  const size = countValues(plain) * growth(tree);
  if (size * query.length > MAX_WORK) throw new LimitError("The data is too big for this JMESPath query");
  step(size * Math.ceil(query.length / 16));
  allocate(size * 16);
  // The library reads inherited properties too.
  if (!readsInherited(tree)) return search(plain as JSONValue, written);
  return withPrototypes(search(withoutPrototypes(plain) as JSONValue, written));
}

/** A literal that is not JSON (`double`) is a text, as in JMESPath's first specification; n8n's documentation writes them so. */
function quoteBareLiterals(query: string): string {
  if (!query.includes("`")) return query;
  return query.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`((?:\\`|[^`])*)`/g, (whole: string, literal: string | undefined) => {
    if (literal === undefined) return whole;
    try {
      JSON.parse(literal.replaceAll("\\`", "`"));
      return whole;
    } catch {
      return `\`${JSON.stringify(literal.replaceAll("\\`", "`").trimStart()).replaceAll("`", "\\`")}\``;
    }
  });
}

function readsInherited(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  const { type, name } = node as { type?: unknown; name?: unknown };
  if (type === "Field" && typeof name === "string") {
    checkKey(name);
    if (name in Object.prototype) return true;
  }
  return Object.values(node).some(readsInherited);
}

const withoutPrototypes = (value: unknown): unknown => rebuilt(value, () => Object.create(null) as Record<string, unknown>);
const withPrototypes = (value: unknown): unknown => rebuilt(value, () => ({}));

function rebuilt(value: unknown, make: () => Record<string, unknown>): unknown {
  step();
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => rebuilt(entry, make));
  const copy = make();
  for (const [key, entry] of Object.entries(value)) if (key !== "__proto__") copy[key] = rebuilt(entry, make);
  return copy;
}

/** How many times the data a query may give at most: what it lists or prints several times. */
function growth(node: unknown): number {
  if (typeof node !== "object" || node === null) return 1;
  const { type, name, children } = node as { type?: unknown; name?: unknown; children?: unknown };
  let factor = (type === "MultiSelectList" || type === "MultiSelectHash") && Array.isArray(children) ? Math.max(1, children.length) : 1;
  if (type === "Function") {
    if (!FUNCTIONS.has(String(name))) throw new ExpressionError(`$jmespath(): unknown function ${String(name)}()`);
    if (name === "to_string" || name === "join") factor *= 2;
  }
  for (const child of Object.values(node)) factor *= growth(child);
  return factor;
}

function countValues(value: unknown): number {
  step();
  if (typeof value !== "object" || value === null) return typeof value === "string" ? 1 + (value.length >> 4) : 1;
  let count = 1;
  for (const entry of Object.values(value)) count += countValues(entry);
  return count;
}
