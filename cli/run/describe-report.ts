import type { ImportReport } from "@/flow/n8n/report";

const MARKS = { missing: "✗", changed: "~", note: "·" } as const;
const ORDER = ["missing", "changed", "note"];

/** An import's report for people: what needs somebody first. */
export function describeReport({ nodes, credentials, issues }: ImportReport): string {
  const placeholders = nodes.placeholders > 0 ? `, ${nodes.placeholders} without a counterpart` : "";
  const notes = nodes.notes > 0 ? `, ${nodes.notes} notes` : "";
  const lines = [`${nodes.converted} of ${nodes.total - nodes.notes} nodes converted${placeholders}${notes}`];
  const sorted = [...issues].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  for (const { severity, node, field, message } of sorted) {
    const where = [node, field].filter((part) => part !== null).join(": ");
    lines.push(`${MARKS[severity]} ${where === "" ? "" : `${where} — `}${message}`);
  }
  for (const { node, type, name } of credentials) lines.push(`✗ ${node} — connect the account "${name || type}" (${type}) anew`);
  return lines.map((line) => `  ${line}\n`).join("");
}
