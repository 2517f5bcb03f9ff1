import { expect, test } from "vitest";
import { hashPassword } from "@/server/auth/password";
import { db } from "@/server/db";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { demoEmail, seedDemo } from "./seed";

withTestDatabase();

const flows = () => db().flow.findMany({ where: { organization: { slug: "demo" } }, orderBy: { name: "asc" } });

test("the first start makes the demo account with three published examples", async () => {
  expect(await seedDemo({ password: "a-demo-password" })).toBe(true);
  const made = await flows();
  expect(made.length).toBe(3);
  expect(made.every((flow) => flow.publishedVersion === 1 && flow.active)).toBe(true);
  expect(await db().member.findMany({ where: { user: { email: demoEmail } }, select: { role: true } })).toEqual([{ role: "owner" }]);
});

test("later starts bring nothing back, and tell once the password was changed", async () => {
  await seedDemo({ password: "a-demo-password" });
  const [first] = await flows();
  await db().flow.update({ where: { id: first?.id ?? "" }, data: { name: "Mine now", deletedAt: new Date() } });
  expect(await seedDemo({ password: "a-demo-password" })).toBe(true);
  expect((await flows()).length).toBe(3);

  await db().user.update({ where: { email: demoEmail }, data: { passwordHash: await hashPassword("chosen by a person") } });
  expect(await seedDemo({ password: "a-demo-password" })).toBe(false);
});
