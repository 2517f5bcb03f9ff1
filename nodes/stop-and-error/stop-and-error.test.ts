import { expect, it } from "vitest";
import type { JsonObject } from "@/flow/item";
import { executeForTest } from "../testing/execute";

it("fails with its message, which no retry follows", async () => {
  const fails = (parameters: JsonObject) => expect(executeForTest("stop-and-error", { parameters, items: [{ id: 7 }] })).rejects;
  await fails({ message: "=No stock for {{ $json.id }}" }).toMatchObject({ name: "FatalError", message: "No stock for 7" });
  await fails({}).toThrow("An error occurred!");
  await fails({ errorType: "object", object: '{"message": "from an object", "code": 5}' }).toThrow("from an object");
  await fails({ errorType: "object", object: { code: 5 } }).toThrow('{"code":5}');
  await fails({ errorType: "object", object: "{" }).toThrow('Parameter "object" (item 0): is not valid JSON');
});
