import { describe, expect, it } from "vitest";
import { importN8n } from "./import";
import { node, workflow } from "./testing/workflow";

const code = () => node("Count", "code", { typeVersion: 2, parameters: { jsCode: "return []" } });
const withData = (staticData: unknown, nodes = [node("Start", "manualTrigger"), code()]) => ({ ...workflow(nodes), staticData });

describe("what a workflow remembered", () => {
  it.each([[false], [true]])("is taken over for code, also from a text (%s)", (isText) => {
    const data = { global: { seen: [1, 2] }, "node:Count": { cursor: "x" }, "node:Start": {} };
    const { remembered, report } = importN8n(withData(isText ? JSON.stringify(data) : data));
    expect(remembered).toEqual([
      { nodeId: null, value: { seen: [1, 2] } },
      { nodeId: "id-Count", value: { cursor: "x" } },
    ]);
    expect(report.issues.filter(({ field }) => field === "staticData")).toEqual([
      { severity: "note", node: null, type: null, field: "staticData", message: "what the workflow remembered is taken over: seen" },
      { severity: "note", node: "Count", type: null, field: "staticData", message: "what it remembered is taken over: cursor" },
    ]);
  });

  it("is left out, and said to be, where no node of ours could read it", () => {
    const nodes = [node("Poll", "rssFeedReadTrigger"), code()];
    const { remembered, report } = importN8n(
      withData({ "node:Poll": { lastItemDate: "2026" }, "node:Gone": { a: 1 }, odd: { a: 1 } }, nodes),
    );
    expect(remembered).toEqual([]);
    expect(report.issues.filter(({ field }) => field === "staticData").map(({ severity, node }) => [severity, node])).toEqual([
      ["missing", "Poll"],
      ["note", null],
      ["missing", null],
    ]);
    const pasted = importN8n(withData({ global: { a: 1 } }), { keeps: false });
    expect(pasted.remembered).toEqual([]);
    expect(pasted.report.issues).toContainEqual(expect.objectContaining({ field: "staticData", severity: "missing" }));
  });

  it.each([null, 5, "no json", "[1]", [], {}])("is nothing where it is %j", (staticData) => {
    const { remembered, report } = importN8n(withData(staticData));
    expect([remembered, report.issues.filter(({ field }) => field === "staticData")]).toEqual([[], []]);
  });

  it("is left out where it is larger than a flow can keep", () => {
    const { remembered, report } = importN8n(withData({ global: { a: "x".repeat(1024 * 1024) } }));
    expect(remembered).toEqual([]);
    expect(report.issues).toContainEqual(expect.objectContaining({ field: "staticData", severity: "missing" }));
  });
});
