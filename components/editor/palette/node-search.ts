import type { AnyNodeDefinition, NodeCategory } from "@/flow/node/define-node";

export const CATEGORY_TITLES: Record<NodeCategory, string> = {
  trigger: "Triggers",
  logic: "Logic",
  data: "Data",
  integration: "Integrations",
  code: "Code",
  flow: "Flow",
};
const CATEGORY_ORDER: NodeCategory[] = ["trigger", "logic", "data", "integration", "code", "flow"];

const isTrigger = ({ category }: AnyNodeDefinition): boolean => category === "trigger";

/** How well a definition answers a query: its name's beginning first, then a word's, then anywhere, then its description. */
function score(definition: AnyNodeDefinition, words: readonly string[]): number {
  const name = definition.name.toLowerCase();
  const text = `${name} ${definition.type} ${definition.description} ${CATEGORY_TITLES[definition.category]}`.toLowerCase();
  let total = 0;
  for (const word of words) {
    if (!text.includes(word)) return 0;
    if (name.startsWith(word)) total += 8;
    else if (new RegExp(`\\b${word.replace(/[^\w]/g, "\\$&")}`).test(name)) total += 4;
    else if (name.includes(word)) total += 2;
    else total += 1;
  }
  return total;
}

/** Where a category stands. A flow that has its start is looking for its next step; another trigger is the rarer wish. */
const place = (category: NodeCategory, hasTrigger: boolean): number =>
  hasTrigger && category === "trigger" ? CATEGORY_ORDER.length : CATEGORY_ORDER.indexOf(category);

/** Definitions for a query, best first; all, by category, for an empty one. Of equal ones, triggers come last where the flow has one. */
export function searchNodes(all: readonly AnyNodeDefinition[], query: string, hasTrigger = false): AnyNodeDefinition[] {
  const definitions = all.filter((definition) => !definition.hidden);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return [...definitions].sort((a, b) => place(a.category, hasTrigger) - place(b.category, hasTrigger));
  }
  return definitions
    .map((definition) => ({ definition, points: score(definition, words) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || (hasTrigger ? Number(isTrigger(a.definition)) - Number(isTrigger(b.definition)) : 0))
    .map(({ definition }) => definition);
}

/** Definitions by category, in the palette's order, triggers last where the flow has one; empty categories are left out. */
export function groupNodes(
  definitions: readonly AnyNodeDefinition[],
  hasTrigger = false,
): { category: NodeCategory; definitions: AnyNodeDefinition[] }[] {
  const order = [...CATEGORY_ORDER].sort((a, b) => place(a, hasTrigger) - place(b, hasTrigger));
  return order
    .map((category) => ({
      category,
      definitions: definitions.filter((definition) => definition.category === category && !definition.hidden),
    }))
    .filter((group) => group.definitions.length > 0);
}
