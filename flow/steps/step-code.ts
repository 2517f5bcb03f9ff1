import type { Step } from "./schema";

const quoted = (text: string): string => JSON.stringify(text);

/** Earlier steps that a text reads; all of them when it reads `stepOutputs` by names that it computes. */
export function stepsRead(text: string, earlier: readonly string[]): string[] {
  if (!/\bstepOutputs\b|\binput\b/.test(text)) return [];
  const computed = /\bstepOutputs\s*(?:\?\.)?\[\s*[^"'`\s]|\bstepOutputs\b(?!\s*(?:\?\.|\.|\[))/.test(text);
  return computed ? [...earlier] : earlier.filter((id) => text.includes(id));
}

/** What a step gave: its item's JSON, or what that holds as `output` where it is no object. */
const OUTPUT = "((json) => (Object.keys(json).join() === 'output' ? json.output : json))";

const outputs = (ids: readonly string[]): string =>
  `{ ${ids.map((id) => `${quoted(id)}: $(${quoted(id)}).isExecuted ? ${OUTPUT}($(${quoted(id)}).first().json) : undefined`).join(", ")} }`;

/** `{ variables, stepOutputs }` as an expression in an expression or in code. */
export const surroundings = (text: string, earlier: readonly string[]): string =>
  `{ variables: { ...variables, ...trigger }, stepOutputs: ${outputs(stepsRead(text, earlier))} }`;

/** An expression over what the step may read. */
export const condition = (text: string, earlier: readonly string[]): string =>
  `={{ ((context) => ((variables, stepOutputs) => Boolean(${text}))(context.variables, context.stepOutputs))(${surroundings(text, earlier)}) }}`;

/**
 * A step's JavaScript as that of a Code node. On one line with its first line: line numbers stay the author's. What it returns
 * is the step's output: an object is the item, anything else is its `output`.
 *
 * @param previous Id of the step before, whose output is the `input` of a transformation
 */
export function stepCode(step: Step, code: string, earlier: readonly string[], previous: string | undefined): string {
  const read = [...new Set([...stepsRead(code, earlier), ...(previous !== undefined && /\binput\b/.test(code) ? [previous] : [])])];
  const meta = `{ flowId: $workflow.id, stepId: ${quoted(step.id)}, executionId: $execution.id, timestamp: new Date().toISOString() }`;
  const log = (level: string): string =>
    `(message, data) => { console.${level}(message, ...(data === undefined ? [] : [data])); return { type: '${level === "info" ? "log" : level}', message, data, timestamp: new Date().toISOString() }; }`;
  const input = previous === undefined ? "context.variables" : `context.stepOutputs[${quoted(previous)}] ?? context.variables`;
  const context = `{ variables: { ...variables, ...trigger }, stepOutputs: ${outputs(read)}, meta: ${meta}, utils: { log: ${log("info")}, warn: ${log("warn")}, error: ${log("error")} } }`;
  return (
    `const context = ${context}; ` +
    "const made = await (async (context, variables, stepOutputs, input) => {" +
    `${code}\n})(context, context.variables, context.stepOutputs, ${input});\n` +
    "const isObject = typeof made === 'object' && made !== null && !Array.isArray(made) && !(made instanceof Date);\n" +
    "return [{ json: isObject ? made : { output: made ?? null } }];"
  );
}
