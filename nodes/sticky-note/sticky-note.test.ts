import { expect, it } from "vitest";
import { inputHandles, outputHandles } from "@/flow/node/define-node";
import { stickyNote } from "./definition";

it("has no ports: nothing leads to a note, and it leads nowhere", () => {
  expect(inputHandles(stickyNote, {})).toEqual([]);
  expect(outputHandles(stickyNote, { parameters: {} })).toEqual([]);
});
