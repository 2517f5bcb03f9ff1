const colours: Record<string, number> = { fatal: 31, error: 31, warn: 33, info: 36, debug: 90, trace: 90 };

/** Turns the log's JSON lines into ones for people: time, level, message, then what else there is. */
export function prettyLines(output: { write(text: string): unknown }): { write(line: string): void } {
  return {
    write(line) {
      const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const label = String(level);
      const details = Object.keys(rest).length > 0 ? ` ${dim(JSON.stringify(rest))}` : "";
      const stack = isError(err) ? `\n${err.stack ?? err.message}` : "";
      output.write(
        `${dim(String(time).slice(11, 19))} ${paint(label.padEnd(5), colours[label] ?? 0)} ${String(msg ?? "")}${details}${stack}\n`,
      );
    },
  };
}

const paint = (text: string, colour: number) => `\u001b[${colour}m${text}\u001b[0m`;
const dim = (text: string) => paint(text, 90);
const isError = (value: unknown): value is { message: string; stack?: string } =>
  typeof value === "object" && value !== null && "message" in value;
