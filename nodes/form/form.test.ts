import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

const visit = (parameters: JsonObject) => executeForTest("form", { parameters, items: [{ name: "Ada" }] });

describe("Form", () => {
  it("waits with a page that shows what came before", async () => {
    const { suspend, outputs } = await visit({
      title: "=Hello {{ $json.name }}",
      fields: [{ label: "=How old is {{ $json.name }}?", name: "age", type: "number", required: true }],
    });
    expect(suspend).toMatchObject({
      kind: "event",
      event: "resume",
      form: "form",
      page: {
        title: "Hello Ada",
        buttonLabel: "Submit",
        fields: [{ label: "How old is Ada?", name: "age", type: "number", required: true, options: "" }],
      },
    });
    expect(suspend).not.toHaveProperty("until");
    expect(outputs[0]?.[0]).toMatchObject({ json: { name: "Ada" }, pairedItem: { item: 0 } });
  });

  it("waits no longer than it is told to", async () => {
    const { suspend } = await visit({ limitWait: true, limitType: "time", limitDateTime: "2027-01-01T00:00:00" });
    expect(suspend).toMatchObject({ until: "2027-01-01T00:00:00.000Z" });
  });

  it("takes fields from JSON, in its own words and in n8n's", async () => {
    const fieldsJson = JSON.stringify([
      { label: "Colour", type: "radio", options: ["red", "blue"] },
      { fieldLabel: "Size", fieldType: "dropdown", fieldOptions: { values: [{ option: "S" }, { option: "M" }] }, requiredField: true },
    ]);
    const { suspend } = await visit({ fieldsFrom: "json", fieldsJson });
    expect(suspend).toMatchObject({
      page: {
        fields: [
          { label: "Colour", type: "radio", options: "red\nblue", required: false },
          { label: "Size", type: "dropdown", options: "S\nM", required: true },
        ],
      },
    });
  });

  it.each([
    ["{", "is not JSON"],
    ['{"a":1}', "is not a list of fields"],
    ["[1]", "is not a field"],
    ['[{"label":"A","type":"colour"}]', 'Parameter "fieldsJson[0].type"'],
    ['[{"fieldLabel":"A","fieldType":"colour"}]', '"colour" is no kind of field'],
    [JSON.stringify(Array.from({ length: 201 }, () => ({}))), "at most 200"],
  ])("says what is wrong with the fields %j", async (fieldsJson, message) => {
    await expect(visit({ fieldsFrom: "json", fieldsJson })).rejects.toThrow(message);
  });

  it("ends the form and goes on at once", async () => {
    const { suspend, ending, outputs } = await visit({ operation: "ending", endText: "=Bye {{ $json.name }}" });
    expect(suspend).toBeUndefined();
    expect(ending).toEqual({ kind: "text", title: "Thank you", text: "Bye Ada" });
    expect(outputs[0]).toHaveLength(1);
    expect((await visit({ operation: "ending", endWith: "html", html: "<b>{{ 1 }}</b>" })).ending).toMatchObject({ kind: "html" });
  });

  it("leads to pages of the web only, and to files that are there", async () => {
    const redirect = (redirectUrl: string) => visit({ operation: "ending", endWith: "redirect", redirectUrl });
    expect((await redirect("https://example.com")).ending).toEqual({ kind: "redirect", url: "https://example.com/" });
    await expect(redirect("javascript:alert(1)")).rejects.toThrow('Parameter "redirectUrl"');
    await expect(visit({ operation: "ending", endWith: "file" })).rejects.toThrow('no file in the field "data"');
  });
});
