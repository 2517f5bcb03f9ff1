import { describe, expect, it } from "vitest";
import { executeForTest } from "../testing/execute";

describe("Debug Helper", () => {
  it("does nothing, or fails as it is told", async () => {
    expect((await executeForTest("debug-helper", { parameters: { category: "doNothing" }, items: [{ a: 1 }] })).json).toEqual([[{ a: 1 }]]);
    await expect(executeForTest("debug-helper", { parameters: { throwErrorMessage: "Oh" } })).rejects.toMatchObject({
      name: "Error",
      message: "Oh",
    });
    await expect(executeForTest("debug-helper", { parameters: { retriable: false } })).rejects.toMatchObject({ name: "FatalError" });
  });

  it.each(["user", "address", "coordinates", "email", "url", "uuid", "ipv4", "ipv6", "macAddress", "semver"])(
    "makes random data, the same for the same seed: %s",
    async (randomDataType) => {
      const make = async (randomDataSeed: string) =>
        (
          await executeForTest("debug-helper", {
            parameters: { category: "randomData", randomDataType, randomDataSeed, randomDataCount: 5 },
          })
        ).json[0];
      const data = await make("a");
      expect(data).toHaveLength(5);
      expect(new Set(data?.map((json) => JSON.stringify(json))).size).toBe(5);
      expect(await make("a")).toEqual(data);
      expect(await make("b")).not.toEqual(data);
      expect(await make("")).not.toEqual(await make(""));
    },
  );

  it("gives it as one list when told", async () => {
    const parameters = { category: "randomData", randomDataCount: 3, randomDataSingleArray: true };
    const { json } = await executeForTest("debug-helper", { parameters });
    expect(json[0]?.[0]?.generatedItems).toHaveLength(3);
  });
});
