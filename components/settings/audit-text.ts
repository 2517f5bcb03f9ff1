import type { Json } from "@/flow/item";

const SENTENCES: Record<string, string> = {
  "action.create": "added an action",
  "action.delete": "deleted an action",
  "action.execute": "called an action",
  "action.update": "changed an action",
  "apiKey.create": "created an API key",
  "apiKey.revoke": "revoked an API key",
  "arrival.discard": "discarded a kept arrival",
  "arrival.replay": "replayed a kept arrival",
  "credential.connect": "connected an account",
  "credential.create": "created a credential",
  "credential.delete": "deleted a credential",
  "credential.disconnect": "disconnected an account",
  "credential.reconnect": "connected an account again",
  "credential.reconnectRequired": "found that an account has to be connected again",
  "credential.rotate": "gave a credential new values",
  "credential.share": "changed who may use a credential",
  "credential.unmask": "looked at the secrets of a credential",
  "credential.update": "changed a credential",
  "execution.cancel": "cancelled an execution",
  "execution.pause": "paused an execution",
  "execution.continue": "let a paused execution go on",
  "execution.decide": "decided what became of a step whose end was not known",
  "execution.resume": "let a waiting execution go on",
  "execution.resumeFrom": "resumed an execution that had ended",
  "execution.resumeSameError": "resumed executions that failed alike",
  "execution.retry": "ran an execution again",
  "execution.start": "started an execution",
  "flow.activate": "activated a flow",
  "flow.create": "created a flow",
  "flow.deactivate": "deactivated a flow",
  "flow.delete": "deleted a flow",
  "flow.duplicate": "duplicated a flow",
  "flow.publish": "published a flow",
  "flow.rename": "renamed a flow",
  "flow.restore": "brought back a flow",
  "flow.saveDraft": "changed a flow's draft",
  "member.invite": "invited someone",
  "member.join": "joined with an invitation",
  "member.revokeInvitation": "took an invitation back",
  "member.remove": "removed a member",
  "member.setRole": "changed a member's role",
  "oauthConfig.delete": "removed an OAuth client",
  "oauthConfig.set": "set up an OAuth client",
  "organization.create": "created the organization",
  "organization.rename": "renamed the organization",
  "organization.setCodeHosts": "changed which hosts code may call",
  "organization.setConcurrency": "changed how many executions run at the same time",
  "organization.setRetention": "changed for how long things are kept",
  "storage.delete": "deleted a stored value",
  "storage.set": "set a stored value",
  "tool.create": "added a tool",
  "tool.delete": "deleted a tool",
  "tool.import": "imported a tool",
  "tool.importAgain": "brought a tool up to its document",
  "tool.update": "changed a tool",
  "trigger.removeSecret": "removed a webhook's secret",
  "trigger.setSecret": "set a webhook's secret",
  "webhook.create": "registered an address to be told what happens",
  "webhook.update": "changed a webhook",
  "webhook.delete": "deleted a webhook",
  "webhook.resend": "sent a message to a webhook again",
  "webhook.test": "tried a webhook out",
};

/** What somebody did; an action that is newer than these words is shown by its own name. */
export const auditSentence = (action: string): string => SENTENCES[action] ?? action;

const KINDS: Record<string, string> = { user: "A former member", apiKey: "A revoked API key", system: "Tolstoy" };

/** Who did it: by name while they are here. */
export function auditActor({ actor, actorName }: { actor: string; actorName: string | null }): string {
  return actorName ?? KINDS[actor.split(":", 1)[0] ?? ""] ?? actor;
}

const PAGES: Record<string, string> = { execution: "/executions", flow: "/flows", tool: "/tools" };

/** The page of what it was done to; null where it has none, or has none any more. */
export function auditPage({ action, target }: { action: string; target: string }): string | null {
  const [kind = "", id] = target.split(":");
  const page = PAGES[kind];
  return page && id && !action.endsWith(".delete") ? `${page}/${encodeURIComponent(id)}` : null;
}

/** What it was done to: its name or the other facts that were recorded, and its id. */
export function auditDetail({ target, data }: { target: string; data: Json }): string {
  const facts =
    data !== null && typeof data === "object" && !Array.isArray(data)
      ? Object.entries(data).flatMap(([key, value]) => {
          if (value === null || typeof value === "object") return [];
          return key === "name" ? [`“${value}”`] : [`${key} ${value}`];
        })
      : [];
  return [...facts, target].join(" · ");
}
