import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Item, Json, JsonObject, PairedItem } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import type { Placed } from "./combine-items";

const TIMEOUT_MS = 60_000;
/** References from results to inputs, beyond which they would outweigh the data. */
const MAX_PAIRS = 100_000;

/** Trusted: runs in the sandbox with AlaSQL, as the query does. */
const PRELUDE = `
globalThis.__query = (inputs, query) => {
  const database = new alasql.Database();
  inputs.forEach((rows, index) => {
    const name = "input" + (index + 1);
    database.exec("CREATE TABLE " + name);
    database.tables[name].data = rows;
  });
  return database.exec(query);
};
`;

/**
 * Rows of a query over the inputs, which are the tables `input1`, `input2`, … It is the person's code and runs where code runs: SQL of
 * this dialect can hold JavaScript, and knows how to fetch files and URLs.
 */
export async function queryInputs(
  context: Pick<NodeContext, "sandbox" | "signal">,
  inputs: readonly Placed[][],
  { query, emptyResult }: { query: string; emptyResult: "empty" | "success" },
): Promise<Item[]> {
  if (query.trim() === "") throw new ParameterError("query", "is empty: say what to select, like SELECT * FROM input1");
  const tables = inputs.map((placed) => placed.map(({ item }) => item.json));
  const { value } = await context.sandbox
    .run(
      {
        language: "javascript",
        libraries: ["alasql"],
        prelude: PRELUDE,
        globals: { __inputs: tables, __sql: query },
        code: "return __query(__inputs, __sql)",
        timeoutMs: TIMEOUT_MS,
      },
      context.signal,
    )
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === "FatalError")
        throw new FatalError(`The query failed: ${error.message}`, { cause: error });
      throw error;
    });
  const rows = rowsOf(value);
  const sources = inputs.flat();
  if (rows.length === 0 && emptyResult === "success") return [{ json: { success: true }, pairedItem: pairsOf(sources) }];
  const pairedItem = rows.length * sources.length <= MAX_PAIRS ? pairsOf(sources) : [];
  return rows.map((json) => ({ json, pairedItem }));
}

const pairsOf = (sources: readonly Placed[]): PairedItem[] => sources.map(({ index, input }) => ({ item: index, input }));

/** Several statements give a list of results: the last one counts. */
function rowsOf(value: Json): JsonObject[] {
  if (!Array.isArray(value)) return typeof value === "object" && value !== null ? [value] : [];
  const last = value.at(-1);
  const rows = Array.isArray(last) ? last : typeof last === "number" ? [] : value;
  return rows.map((row) => (typeof row === "object" && row !== null && !Array.isArray(row) ? row : { value: row }));
}
