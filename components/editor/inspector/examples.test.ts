import { expect, test } from "vitest";
import { code } from "@/nodes/code/definition";
import { examplesAfter } from "./examples";
import { formOf } from "./form-model";

const fields = formOf(code);
const language = fields.find(({ name }) => name === "language");
const after = (value: string, written: string | undefined) => {
  if (!language) throw new Error("The Code node has no language");
  return examplesAfter(language, value, fields, written === undefined ? {} : { code: written });
};

test("another language brings its own example, there and back, as long as nobody has written code", () => {
  const [python] = after("python", undefined);
  expect(python).toEqual(["code", expect.stringContaining("_input.all()")]);
  expect(after("javascript", python?.[1])).toEqual([["code", expect.stringContaining("$input.all()")]]);
  expect(after("python", "return [];")).toEqual([]);
  expect(after("typescript", undefined)).toEqual([]);
});
