import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { call } from "./support/accounts";
import { Editor } from "./support/editor";
import { expect, signedOut, test } from "./support/test";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds wrong on the page, or in a part of it, and calls serious or critical: as `rule: element`. */
async function violations(page: Page, part = "html"): Promise<string[]> {
  // Colours on their way from one to another are measured in neither.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate((selector) => {
    const { axe } = window as unknown as { axe: { run(selector: string, options: RunOptions): Promise<AxeResults> } };
    // In the dark only the colours are others.
    return axe.run(selector, matchMedia("(prefers-color-scheme: dark)").matches ? { runOnly: ["color-contrast"] } : {});
  }, part);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ""}`));
}

const quiet = (page: Page) => expect(page.locator("[aria-busy=true]")).toHaveCount(0);

const graph = {
  nodes: [
    { id: "s", name: "Start", type: "manual-trigger", position: { x: 0, y: 0 } },
    {
      id: "a",
      name: "Add",
      type: "set",
      position: { x: 240, y: 0 },
      parameters: { mode: "fields", fields: [{ name: "total", type: "number", value: "={{ 1 + 1 }}" }], include: "all" },
    },
    {
      id: "i",
      name: "Large?",
      type: "if",
      position: { x: 480, y: 0 },
      parameters: {
        conditions: {
          combinator: "and",
          conditions: [{ leftValue: "={{ $json.total }}", operator: { type: "number", operation: "gte" }, rightValue: 2 }],
        },
      },
    },
    { id: "c", name: "Compute", type: "code", position: { x: 720, y: 0 } },
    { id: "w", name: "Ask", type: "wait", position: { x: 960, y: 0 }, parameters: { resume: "approval", message: "May I?" } },
    { id: "e", name: "Fail", type: "stop-and-error", position: { x: 720, y: 200 } },
  ],
  edges: [
    { id: "1", source: "s", target: "a" },
    { id: "2", source: "a", target: "i" },
    { id: "3", source: "i", sourceHandle: "true", target: "c" },
    { id: "4", source: "c", target: "w" },
    { id: "5", source: "i", sourceHandle: "false", target: "e" },
  ],
};

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.describe.configure({ timeout: 120_000 });
    test.use({ colorScheme, viewport: { width: 1440, height: 900 }, contextOptions: { reducedMotion: "reduce" } });

    test.describe("signed out", () => {
      test.use(signedOut);
      test("sign in and register, with their mistakes", async ({ page }) => {
        for (const [address, button] of [
          ["/sign-in", "Sign in"],
          ["/register", "Create account"],
        ] as const) {
          await page.goto(address);
          await page.getByRole("button", { name: button }).click();
          await expect(page.getByRole("alert").first()).toBeVisible();
          expect.soft(await violations(page), address).toEqual([]);
        }
      });
    });

    test("lists and settings", async ({ page, complaints }) => {
      const { id } = await call<{ id: string }>(page.request, "flows.create", { name: "Accessible", graph });
      await call(page.request, "executions.start", { flowId: id, triggerNodeId: "s", items: [{ json: {} }] });
      await call(page.request, "apiKeys.create", { name: "Key", role: "viewer" });
      await page.goto("/flows");
      await expect(page.getByRole("link", { name: "Accessible" }).first()).toBeVisible();
      for (const address of [
        "/flows",
        "/executions",
        "/executions?status=queued",
        "/executions/arrivals",
        "/tools",
        "/credentials",
        "/settings/general",
        "/settings/members",
        "/settings/api-keys",
        "/settings/webhooks",
        "/settings/audit",
      ]) {
        await page.goto(address);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await quiet(page);
        expect.soft(await violations(page), address).toEqual([]);
      }

      await test.step("menus and dialogs", async () => {
        await page.goto("/flows");
        await page.getByRole("button", { name: "Actions of Accessible", exact: true }).first().click();
        // Only the menu: what is behind it is hidden from readers, and the focus cannot leave the menu, which axe cannot know.
        expect.soft(await violations(page, "[role=menu]"), "a flow's menu").toEqual([]);
        await page.getByRole("menuitem", { name: "Rename" }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        expect.soft(await violations(page), "rename").toEqual([]);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);
        await page.keyboard.press("ControlOrMeta+k");
        await expect(page.getByRole("option").first()).toBeVisible();
        expect.soft(await violations(page), "command palette").toEqual([]);
        await page.goto("/settings/api-keys");
        await page.getByRole("button", { name: "Create API key" }).click();
        expect.soft(await violations(page), "create an API key").toEqual([]);
        await page.goto("/settings/members");
        await page.getByRole("button", { name: "Invite", exact: true }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        expect.soft(await violations(page), "invite").toEqual([]);
        await page.goto("/settings/webhooks");
        await page.getByRole("button", { name: "Add webhook" }).first().click();
        await expect(page.getByRole("dialog")).toBeVisible();
        expect.soft(await violations(page), "add a webhook").toEqual([]);
      });

      complaints.allow(/404/);
      await page.goto("/invite/none");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect.soft(await violations(page), "/invite/none").toEqual([]);
      for (const address of ["/nowhere", "/flows/none", "/executions/none"]) {
        await page.goto(address);
        await expect(page.getByText("There is nothing at this address")).toBeVisible();
        expect.soft(await violations(page), address).toEqual([]);
      }
    });

    test("the editor and an execution, with all that opens in them", async ({ page, complaints }) => {
      complaints.allow(/422/);
      const { id } = await call<{ id: string }>(page.request, "flows.create", { name: "Accessible", graph });
      const editor = new Editor(page);
      await page.goto(`/flows/${id}`);
      await expect(editor.node("Start")).toBeVisible();
      expect.soft(await violations(page), "canvas").toEqual([]);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await expect(editor.node("Ask", "waiting")).toBeVisible();
      expect.soft(await violations(page), "canvas with a run").toEqual([]);
      for (const name of ["Start", "Add", "Large?", "Compute", "Ask", "Fail"]) {
        await editor.open(name);
        await quiet(page);
        expect.soft(await violations(page), `node ${name}`).toEqual([]);
        if (name === "Add") {
          for (const mode of ["Schema", "JSON"]) {
            await editor.detail.getByRole("region", { name: "Output" }).getByRole("button", { name: mode, exact: true }).click();
            expect.soft(await violations(page), mode).toEqual([]);
          }
          for (const tab of ["As resolved", "Settings"]) {
            await editor.detail.getByRole("tab", { name: tab }).click();
            expect.soft(await violations(page), tab).toEqual([]);
          }
        }
        await editor.close();
      }
      await page.keyboard.press("Escape");
      await page.keyboard.press("n");
      await expect(page.getByRole("option").first()).toBeVisible();
      expect.soft(await violations(page), "node picker").toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await expect(editor.detail).toBeVisible();
      expect.soft(await violations(page), "shortcuts").toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Run with input" }).click();
      await expect(page.getByRole("dialog", { name: "Run with input" })).toBeVisible();
      expect.soft(await violations(page), "run with input").toEqual([]);
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: "More about this flow" }).click();
      await page.getByRole("menuitem", { name: "Flow settings" }).click();
      for (const rule of await editor.detail.getByRole("switch").all()) await rule.click();
      expect.soft(await violations(page), "flow settings").toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "More about this flow" }).click();
      await page.getByRole("menuitem", { name: "Stored values" }).click();
      await editor.detail.getByRole("button", { name: "Add value" }).click();
      expect.soft(await violations(page), "stored values").toEqual([]);
      await page.keyboard.press("Escape");

      await editor.run.getByRole("link", { name: "Open the execution" }).click();
      await expect(page.getByRole("region", { name: "Approval: Ask" })).toBeVisible();
      expect.soft(await violations(page), "execution that waits").toEqual([]);
      await page.getByRole("button", { name: "Cancel", exact: true }).click();
      await page.getByRole("button", { name: "Resume…" }).click();
      await expect(editor.detail.getByRole("list", { name: "Steps" })).toBeVisible();
      expect.soft(await violations(page), "resume").toEqual([]);

      await page.goto(`/flows/${(await call<{ id: string }>(page.request, "flows.create", {})).id}`);
      await expect(page.getByRole("region", { name: "Start the flow" })).toBeVisible();
      expect.soft(await violations(page), "empty canvas").toEqual([]);
    });
  });
}
