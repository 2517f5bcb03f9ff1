import { describe, expect, it } from "vitest";
import { formTrigger } from "@/nodes/form-trigger/definition";
import { controlName, readSubmission } from "./submission";

const fieldsOf = (...fields: object[]) => formTrigger.parameters.parse({ fields }).fields;
async function read(field: object, ...values: string[]) {
  const given = new FormData();
  for (const value of values) given.append(controlName(0), value);
  const { item, errors } = await readSubmission(fieldsOf({ label: "F", ...field }), given, "production");
  return errors.get(0) ?? item.json.F;
}

describe("a sent form", () => {
  it("has numbers, lists and texts by the kinds of its fields", async () => {
    expect(await read({ type: "number" }, "1,5")).toBe(1.5);
    expect(await read({ type: "number" }, "")).toBeNull();
    expect(await read({ type: "checkbox", options: "a\nb\n" }, "a", "b")).toEqual(["a", "b"]);
    expect(await read({ type: "dropdown", options: "a\nb", multiple: true })).toEqual([]);
    expect(await read({ type: "radio", options: "a\nb" }, "b")).toBe("b");
    expect(await read({ type: "date" }, "2026-02-01")).toBe("2026-02-01");
    expect(await read({ type: "hidden", value: "fixed" }, "forged")).toBe("fixed");
  });

  it("is refused where a value is missing or none that the form offers", async () => {
    for (const [field, ...values] of [
      [{ type: "text", required: true }, "  "],
      [{ type: "number" }, "many"],
      [{ type: "email" }, "nobody"],
      [{ type: "date" }, "soon"],
      [{ type: "dropdown", options: "a" }, "b"],
      [{ type: "checkbox", options: "a", required: true }],
      [{ type: "file", required: true }],
    ] as [object, ...string[]][]) {
      expect(String(await read(field, ...values)), JSON.stringify(field)).toMatch(/^(This must|Enter|Choose)/);
    }
  });

  it("names values by their own name, else their label", async () => {
    const { item } = await readSubmission(fieldsOf({ label: "Mail", name: "mail" }, { label: "" }), new FormData(), "test");
    expect(Object.keys(item.json)).toEqual(["mail", "field 2", "submittedAt", "formMode"]);
  });
});
