"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "@/components/providers/trpc";
import { useDebounced } from "@/components/ui/use-debounced";
import type { JsonObject } from "@/flow/item";
import { definitionOf } from "@/nodes/catalog";
import { isKnownIcon } from "../node-icon";
import type { Placeable } from "../state/edits";

/** Kind of node that calls an action of a tool. */
export const ACTION_TYPE = "action";
/** Kind of trigger that watches what an action lists. */
export const ACTION_TRIGGER_TYPE = "action-trigger";
const SEARCH_DELAY_MS = 150;
const SHOWN = 40;

export interface OfferedAction {
  /** Unique among all actions. */
  id: string;
  toolName: string;
  method: string;
  endpoint: string;
  placeable: Placeable;
}

/** Actions of tools that answer a query, as nodes that call them or triggers that watch what they list; none for an empty one, unless `always`. */
export function useFoundActions(
  query: string,
  { always = false, type = ACTION_TYPE }: { always?: boolean; type?: typeof ACTION_TYPE | typeof ACTION_TRIGGER_TYPE } = {},
): { actions: OfferedAction[]; pending: boolean } {
  const trpc = useTRPC();
  const search = useDebounced(query.trim(), SEARCH_DELAY_MS);
  const enabled = always || search !== "";
  const found = useQuery(
    trpc.actions.search.queryOptions(
      { search, limit: SHOWN, ...(type === ACTION_TRIGGER_TYPE && { effect: "read" as const }) },
      { enabled, placeholderData: keepPreviousData, staleTime: 10_000 },
    ),
  );
  const definition = definitionOf(type);
  const actions = useMemo(
    () =>
      !definition || !enabled
        ? []
        : (found.data ?? []).map(({ tool, toolName, icon, action, name, method, endpoint, effect, repeatable, auth }): OfferedAction => {
            const preset: JsonObject = type === ACTION_TYPE ? { tool, action, effect, repeatable, auth } : { tool, action, auth };
            return {
              id: `${tool}/${action}`,
              toolName,
              method,
              endpoint,
              placeable: { ...definition, ...(icon && isKnownIcon(icon) && { icon }), name, description: toolName, preset },
            };
          }),
    [definition, enabled, found.data, type],
  );
  return { actions, pending: enabled && found.isFetching };
}
