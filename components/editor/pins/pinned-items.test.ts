import { describe, expect, it } from "vitest";
import type { GraphNode } from "@/flow/graph/schema";
import { definitionOf } from "@/nodes/catalog";
import { canPin, pinnedText, pinsOf, readPinnedText } from "./pinned-items";

describe("pinning", () => {
  it("takes items of a run, with files whose content is at hand", () => {
    const binary = { here: { mimeType: "text/plain", data: "aGk=" }, elsewhere: { mimeType: "text/plain", id: "pay_1" } };
    expect(
      pinsOf([
        { json: { n: 1 }, pairedItem: { item: 0 } },
        { json: {}, binary },
      ]),
    ).toEqual({
      pinned: [{ json: { n: 1 } }, { json: {}, binary: { here: { mimeType: "text/plain", data: "aGk=" } } }],
      filesLeft: 1,
    });
  });

  it("is for up to 1 MB", () => {
    expect(pinsOf([{ json: { text: "ü".repeat(600_000) } }])).toEqual({ error: "1.1 MB are too much to pin: 1 MB at most" });
    expect(readPinnedText(JSON.stringify({ text: "x".repeat(2_000_000) }))).toHaveProperty("error");
  });

  it("reads what a person wrote, and says what is wrong with it", () => {
    const binary = { file: { mimeType: "text/plain", data: "aGk=" } };
    expect(readPinnedText('{"n": 1}', [{ json: {}, binary }])).toEqual({ pinned: [{ json: { n: 1 }, binary }], filesLeft: 0 });
    expect(readPinnedText("[]")).toEqual({ pinned: [], filesLeft: 0 });
    expect(readPinnedText('[{"n": 1}, 2]')).toEqual({ error: "Element 2 is no object" });
    expect(readPinnedText("5")).toEqual({ error: "Give an object, or a list of objects" });
    expect(readPinnedText("[{")).toEqual({ error: expect.stringContaining("Not JSON yet") });
    expect(pinnedText([{ json: { n: 1 }, binary }])).toBe('[\n  {\n    "n": 1\n  }\n]');
  });

  it("is for nodes with one output", () => {
    const node = (type: string): GraphNode => ({ id: "n", name: "N", type, version: 1, position: { x: 0, y: 0 }, parameters: {} });
    expect(["set", "manual-trigger", "unknown"].map((type) => canPin(node(type), definitionOf))).toEqual([true, true, true]);
    expect(["if", "sticky-note", "stop-and-error"].map((type) => canPin(node(type), definitionOf))).toEqual([false, false, false]);
  });
});
