import { FatalError, ParameterError } from "@/flow/execution/errors";
import type { Json, JsonObject } from "@/flow/item";
import type { NodeContext } from "@/flow/node/context";
import { callAction, checkedInputs } from "../action/call-action";
import { quoted } from "./cells";

const TOOL = "google-sheets";
const TIMEOUT_MS = 120_000;

interface Place {
  spreadsheet: string;
  /** A name, `gid=` with a number, or empty for the first. */
  sheet: string | number;
}

/** One sheet of a spreadsheet, read and written by the tool's own actions. */
export class Sheet {
  private constructor(
    private readonly context: NodeContext<unknown>,
    private readonly id: string,
    private readonly title: string,
  ) {}

  static async open(context: NodeContext<unknown>, { spreadsheet, sheet }: Place): Promise<Sheet> {
    const id = /\/d\/([\w-]+)/.exec(spreadsheet)?.[1] ?? spreadsheet.trim();
    if (id === "") throw new ParameterError("spreadsheet", "is empty: give the spreadsheet's address or id");
    const wanted = String(sheet).trim();
    const number = typeof sheet === "number" ? sheet : Number(/^(?:.*[#?&])?gid=(\d+)/.exec(wanted)?.[1] ?? Number.NaN);
    if (wanted !== "" && Number.isNaN(number)) return new Sheet(context, id, wanted);
    const [found] = await call(context, "get-spreadsheet", { spreadsheet_id: id, fields: "sheets.properties" });
    const sheets = (found?.sheets ?? []) as { properties?: { sheetId?: number; title?: string } }[];
    const chosen = wanted === "" ? sheets[0] : sheets.find(({ properties }) => (properties?.sheetId ?? 0) === number);
    if (chosen?.properties?.title === undefined) {
      const names = sheets.map(({ properties }) => `"${properties?.title}"`).join(", ");
      throw new FatalError(`The spreadsheet has no sheet with the number ${number}; it has ${names || "none"}`);
    }
    return new Sheet(context, id, chosen.properties.title);
  }

  /** Rows of cells. */
  async read(cells: string, show: string): Promise<Json[][]> {
    const [answer] = await call(this.context, "get-values", { ...this.at(cells), value_render_option: show });
    return (answer?.values ?? []) as Json[][];
  }

  async write(cells: string, values: Json[][], enter: string): Promise<void> {
    await call(this.context, "update-values", { ...this.at(cells), values, value_input_option: enter });
  }

  async append(cells: string, values: Json[][], enter: string): Promise<void> {
    await call(this.context, "append-rows", { ...this.at(cells), values, value_input_option: enter });
  }

  /** Single cells, by their place. */
  async writeCells(data: readonly { cell: string; value: Json }[], enter: string): Promise<void> {
    const PER_CALL = 5000;
    for (let start = 0; start < data.length; start += PER_CALL) {
      const ranges = data
        .slice(start, start + PER_CALL)
        .map(({ cell, value }): JsonObject => ({ range: `${quoted(this.title)}!${cell}`, values: [[value]] }));
      await call(this.context, "update-ranges", { spreadsheet_id: this.id, data: ranges, value_input_option: enter });
    }
  }

  private at(cells: string): JsonObject {
    return { spreadsheet_id: this.id, range: cells === "" ? quoted(this.title) : `${quoted(this.title)}!${cells}` };
  }
}

async function call(context: NodeContext<unknown>, key: string, given: JsonObject): Promise<JsonObject[]> {
  const action = await context.action({ tool: TOOL, action: key });
  const items = await callAction(context, {
    action,
    inputs: checkedInputs(action, given),
    files: {},
    account: {},
    timeoutMs: TIMEOUT_MS,
    returnAll: false,
    maxPages: 1,
    fullResponse: false,
    neverError: false,
    idempotencyKey: null,
    itemIndex: 0,
  });
  return items.map(({ json }) => json);
}
