import { expect, test, vi } from "vitest";
import { GOOGLE_TOKEN, google } from "@/server/testing/services/google";
import { withCatalogTool } from "@/server/testing/services/with-catalog-tool";

vi.mock("@/server/catalog", async (original) => (await import("@/server/testing/services/moved-catalog")).movedCatalog(await original()));

const tool = withCatalogTool("google-calendar", { type: "bearer", fields: { token: GOOGLE_TOKEN } }, google);

test("An event is made with what was given, and deleted again", async () => {
  const inputs = {
    summary: "Lunch",
    start: "2026-01-31T12:00:00",
    end: "2026-01-31T13:00:00",
    time_zone: "Europe/Berlin",
    send_updates: "all",
  };
  const { lastItems } = await tool.run("create-event", inputs);
  expect(lastItems?.map(({ json }) => json)).toEqual([
    {
      id: "e1",
      sendUpdates: "all",
      summary: "Lunch",
      start: { dateTime: "2026-01-31T12:00:00", timeZone: "Europe/Berlin" },
      end: { dateTime: "2026-01-31T13:00:00", timeZone: "Europe/Berlin" },
    },
  ]);
  const deleted = await tool.run("delete-event", { event_id: "e1" });
  expect(deleted.lastItems?.map(({ json }) => json)).toEqual([{}]);
});
