import { randomBytes } from "node:crypto";
import { call } from "./support/accounts";
import { query } from "./support/database";
import { Editor } from "./support/editor";
import { expect, test } from "./support/test";

test("a schedule that cannot start its flow says why in the list and in the editor, until it works again", async ({ page }) => {
  const name = `Nightly ${randomBytes(3).toString("hex")}`;
  const clock = {
    id: "clock",
    name: "Every night",
    type: "schedule-trigger",
    position: { x: 0, y: 0 },
    parameters: { rules: [{ every: "days", hour: 3 }] },
  };
  const { id } = await call<{ id: string }>(page.request, "flows.create", { name, graph: { nodes: [clock], edges: [] }, publish: true });
  // As after an update that reads cron expressions more strictly.
  const config = (cron: string) => JSON.stringify({ rules: [{ every: "cron", cron }] });
  const due = (cron: string) =>
    query("update trigger set config = $2::jsonb, next_at = now(), retry_at = null where flow_id = $1", [id, config(cron)]);
  await due("at night");

  await page.goto("/flows");
  const mark = page.getByRole("row", { name }).getByRole("link", { name: /^Trigger fails: The schedule cannot be read/ });
  await expect(async () => {
    await page.reload();
    await expect(mark).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await mark.hover();
  await expect(page.getByRole("tooltip")).toContainText("First failed");

  await mark.click();
  const panel = new Editor(page).detail.getByRole("region", { name: "Schedule" });
  await expect(panel.getByRole("alert")).toContainText("starts in a row failed");
  await expect(panel.getByRole("alert")).toContainText("is not a cron expression");

  await due("0 3 * * *");
  await expect(panel.getByRole("status")).toContainText("Next run:", { timeout: 20_000 });
  await expect(panel.getByRole("alert")).toBeHidden();
  await page.goto("/flows");
  await expect(page.getByRole("row", { name })).toContainText("ago");
  await expect(mark).toBeHidden();
});
