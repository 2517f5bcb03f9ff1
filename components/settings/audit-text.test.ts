import { expect, it } from "vitest";
import { auditActor, auditDetail, auditPage, auditSentence } from "./audit-text";

it("tells an action in words, and one that it has no words for by its name", () => {
  expect(auditSentence("flow.publish")).toBe("published a flow");
  expect(auditSentence("lamp.light")).toBe("lamp.light");
});

it("names the actor, also one who has left", () => {
  expect(auditActor({ actor: "user:u1", actorName: "Ada" })).toBe("Ada");
  expect(auditActor({ actor: "user:u1", actorName: null })).toBe("A former member");
  expect(auditActor({ actor: "system", actorName: null })).toBe("Tolstoy");
  expect(auditActor({ actor: "robot:1", actorName: null })).toBe("robot:1");
});

it("shows plain facts and the target, and skips what is nested", () => {
  expect(auditDetail({ target: "flow:f1", data: { name: "Orders", version: 3, graph: { nodes: [] }, gone: null } })).toBe(
    "“Orders” · version 3 · flow:f1",
  );
  expect(auditDetail({ target: "user:u1", data: { from: "viewer", to: "editor" } })).toBe("from viewer · to editor · user:u1");
  expect(auditDetail({ target: "flow:f1", data: null })).toBe("flow:f1");
});

it("leads to what has a page, and is still there", () => {
  expect(auditPage({ action: "execution.start", target: "execution:exec_1" })).toBe("/executions/exec_1");
  expect(auditPage({ action: "flow.publish", target: "flow:f1" })).toBe("/flows/f1");
  expect(auditPage({ action: "flow.delete", target: "flow:f1" })).toBeNull();
  expect(auditPage({ action: "member.setRole", target: "user:u1" })).toBeNull();
});
