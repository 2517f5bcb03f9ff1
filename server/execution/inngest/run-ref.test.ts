import { expect, it } from "vitest";
import { runIdOf, runRefOf } from "./run-ref";

it("turns a run id into a uuid and back", () => {
  for (const id of ["01JD3Z8K6QWERTY0123456789A", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "00000000000000000000000000"]) {
    expect(runRefOf(id)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(runIdOf(runRefOf(id))).toBe(id);
  }
});

it("refuses what is no run id", () => expect(() => runRefOf("not-a-run")).toThrow("not the id of an Inngest run"));
