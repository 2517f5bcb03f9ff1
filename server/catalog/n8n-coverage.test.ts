import { expect, test } from "vitest";
import { importN8n } from "@/flow/n8n/import";
import { type DocumentedNode, documentedNodes } from "./testing/n8n-operations";

/** What becomes of one operation: the type of node, and why where it is none. */
function imported(type: string, typeVersion: number, resource: string, operation: string): { type: string; reason: string } {
  // What makes an operation one of several; the rest is left to its defaults.
  const parameters = { resource, operation, subject: "x", ...(resource === "draft" && { options: { sendTo: "a@example.com" } }) };
  const node = { id: "1", name: "Node", type, typeVersion, position: [0, 0], parameters, credentials: { api: { id: "1", name: "C" } } };
  const [made] = importN8n({ name: "One", nodes: [node], connections: {} }).flow.graph.nodes;
  const reason = String(made?.parameters.reason ?? "").slice(type.length + 1);
  return { type: made?.type ?? "", reason };
}

function linesOf({ type, versions, operations }: DocumentedNode): { lines: string[]; all: number; mapped: number } {
  let [all, mapped] = [0, 0];
  const lines = versions.flatMap((version) => {
    const missing = Object.entries(operations).flatMap(([resource, names]) =>
      names.flatMap((operation) => {
        all++;
        const found = imported(type, version, resource, operation);
        if (found.type !== "n8n-placeholder") mapped++;
        const plain = `with the operation "${operation}" of "${resource}" has no counterpart`;
        return found.type === "n8n-placeholder" ? [`    ${resource}:${operation}${found.reason === plain ? "" : `: ${found.reason}`}`] : [];
      }),
    );
    const count = Object.values(operations).flat().length;
    return [`  ${version}: ${count - missing.length} of ${count}${missing.length > 0 ? ", without a counterpart:" : ""}`, ...missing];
  });
  return { lines: [type, ...lines], all, mapped };
}

test("which operations of n8n's nodes for services have a counterpart, and which stay placeholders", async () => {
  const tables = documentedNodes.map(linesOf);
  const [all, mapped] = [tables.reduce((sum, each) => sum + each.all, 0), tables.reduce((sum, each) => sum + each.mapped, 0)];
  expect(mapped / all).toBeGreaterThan(0.7);
  const text = tables.map(({ lines }) => lines.join("\n")).join("\n\n");
  await expect(`${mapped} of ${all} operations, counted for each version\n\n${text}\n`).toMatchFileSnapshot("./testing/n8n-coverage.txt");
});
