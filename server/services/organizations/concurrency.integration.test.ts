import { expect, test } from "vitest";
import { db } from "@/server/db";
import { createMember } from "@/server/testing/factories";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { getConcurrency, setConcurrency } from "./concurrency";

withTestDatabase();

test("an admin says how many executions run at the same time, for the own organization alone", async () => {
  const { context: ctx } = await createMember({ role: "admin" });
  const { context: other } = await createMember({ role: "owner" });
  expect(await getConcurrency({ ctx })).toEqual({ maxConcurrent: 10 });
  expect(await setConcurrency({ ctx, input: { maxConcurrent: 25 } })).toEqual({ maxConcurrent: 25 });
  expect(await getConcurrency({ ctx })).toEqual({ maxConcurrent: 25 });
  expect(await getConcurrency({ ctx: other })).toEqual({ maxConcurrent: 10 });
  expect(await db().auditLog.count({ where: { action: "organization.setConcurrency" } })).toBe(1);
});

test.each([0, 1.5, 1001])("%d is refused", async (maxConcurrent) => {
  const { context: ctx } = await createMember({ role: "owner" });
  await expect(setConcurrency({ ctx, input: { maxConcurrent } })).rejects.toMatchObject({ code: "invalid" });
});

test("editors are refused", async () => {
  const { context: ctx } = await createMember({ role: "editor" });
  await expect(setConcurrency({ ctx, input: { maxConcurrent: 5 } })).rejects.toMatchObject({ code: "forbidden" });
});
