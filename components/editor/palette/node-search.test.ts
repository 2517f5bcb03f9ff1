import { expect, test } from "vitest";
import { catalog } from "@/nodes/catalog";
import { groupNodes, searchNodes } from "./node-search";

const names = (query: string, hasTrigger: boolean) => searchNodes(catalog, query, hasTrigger).map(({ name }) => name);

test("a flow that has its start is offered the next step first, any other its start", () => {
  expect(names("http", true)[0]).toBe("HTTP Request");
  expect(names("http", true)).toContain("HTTP Poll");
  expect(names("", true).at(-1)).toBe(groupNodes(catalog, true).at(-1)?.definitions.at(-1)?.name);
  expect(groupNodes(catalog, false)[0]?.category).toBe("trigger");
  expect(groupNodes(catalog, true).at(-1)?.category).toBe("trigger");
});

test("a name's beginning counts more than what kind of node it is", () => {
  expect(names("webhook", true)[0]).toBe("Webhook");
  expect(names("email trigger", true)[0]).toBe("Email Trigger (IMAP)");
});
