import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/providers/trpc";
import { CREDENTIAL_KINDS } from "@/flow/credentials/kinds";
import type { CredentialType } from "@/flow/credentials/types";
import type { NodeCategory } from "@/flow/node/define-node";
import { type Credential, TYPE_HINTS, TYPE_LABELS } from "./types";

/** What a credential is for: a tool, a kind of server, or anything that takes its type. */
export type Purpose = { toolKey: string } | { kind: string } | { type: CredentialType };

/** Something that a new credential can be made for. */
export interface Service {
  id: string;
  name: string;
  description: string;
  icon: { icon: string; category: NodeCategory };
  purpose: Purpose;
}

const KIND_ICONS: Readonly<Record<string, string>> = {
  postgres: "database",
  mysql: "database",
  mongodb: "leaf",
  redis: "layers",
  s3: "archive",
  ftp: "folder-up",
  sftp: "folder-sync",
  smtp: "mail",
  imap: "inbox",
};
const TYPE_ICONS: Readonly<Record<CredentialType, string>> = {
  oauth2: "user-check",
  api_key: "key",
  basic_auth: "user",
  bearer: "shield-check",
  custom: "list",
};

const ofKind = (key: string): Service["icon"] => ({ icon: KIND_ICONS[key] ?? "server", category: "data" });
const ofType = (type: CredentialType): Service["icon"] => ({ icon: TYPE_ICONS[type], category: "logic" });

const kinds: readonly Service[] = CREDENTIAL_KINDS.map(({ key, name, fields }) => ({
  id: `kind:${key}`,
  name,
  description: fields
    .filter(({ required }) => required)
    .map(({ label }) => label)
    .join(", "),
  icon: ofKind(key),
  purpose: { kind: key },
}));

const general = (types: readonly CredentialType[]): Service[] =>
  types.map((type) => ({
    id: `type:${type}`,
    name: TYPE_LABELS[type],
    description: TYPE_HINTS[type],
    icon: ofType(type),
    purpose: { type },
  }));

/** The organization's tools and those that come with the product; the same query for everybody who asks. */
export function useTools(enabled = true) {
  const trpc = useTRPC();
  const ready = useQuery(trpc.tools.catalog.queryOptions(undefined, { enabled, staleTime: Number.POSITIVE_INFINITY }));
  const own = useQuery(trpc.tools.list.queryOptions({}, { enabled, staleTime: 30_000 }));
  return { ready, own };
}

const toolIcon = (icon: string | null): Service["icon"] => ({ icon: icon ?? "plug", category: "integration" });

/** What a credential of one of these types can be made for, in the groups in which it is offered. */
export function useServices(types: readonly CredentialType[], { servers }: { servers: boolean }) {
  const { ready, own } = useTools();
  const mine = own.data ?? [];
  const tools: Service[] = [
    ...mine.filter(({ authType }) => authType !== "none"),
    ...(ready.data ?? []).filter(({ key }) => !mine.some((tool) => tool.key === key)),
  ]
    .map(({ key, name, description, icon }) => ({
      id: `tool:${key}`,
      name,
      description: description ?? "",
      icon: toolIcon(icon),
      purpose: { toolKey: key },
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return {
    isPending: ready.isPending || own.isPending,
    error: ready.error ?? own.error,
    groups: [
      { title: "Services", services: tools },
      { title: "Databases and servers", services: servers ? [...kinds] : [] },
      { title: "Anything else", services: general(types) },
    ].filter(({ services }) => services.length > 0),
  };
}

type Shown = Pick<Service, "name" | "icon">;

function useToolOf(): (toolKey: string) => Shown | undefined {
  const { ready, own } = useTools();
  return (toolKey) => {
    const tool = [...(own.data ?? []), ...(ready.data ?? [])].find(({ key }) => key === toolKey);
    return tool && { name: tool.name, icon: toolIcon(tool.icon) };
  };
}

const ofServer = (key: string): Shown | undefined => kinds.find(({ id }) => id === `kind:${key}`);
const ofAny = (type: CredentialType): Shown => ({ name: TYPE_LABELS[type], icon: ofType(type) });

/** Name and icon of what a new credential is for. */
export function useServiceOf(purpose: Purpose): Shown {
  const toolOf = useToolOf();
  if ("toolKey" in purpose) return toolOf(purpose.toolKey) ?? { name: purpose.toolKey, icon: toolIcon(null) };
  if ("kind" in purpose) return ofServer(purpose.kind) ?? ofAny("custom");
  return ofAny(purpose.type);
}

/** By what credentials are recognised in lists. */
export function useCredentialService(): (credential: Pick<Credential, "toolKey" | "type" | "settings">) => Shown {
  const toolOf = useToolOf();
  return ({ toolKey, type, settings }) => (toolKey && toolOf(toolKey)) || ofServer(settings.kind ?? "") || ofAny(type);
}

/** Whether a service answers to what somebody typed: all of the words, anywhere. */
export function matches({ name, description }: Pick<Service, "name" | "description">, query: string): boolean {
  const text = `${name} ${description}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
