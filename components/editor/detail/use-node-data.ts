"use client";
import { useMemo, useState } from "react";
import type { VisitView } from "@/flow/execution/reduce";
import { templateReferences } from "@/flow/expression/references";
import type { GraphNode } from "@/flow/graph/schema";
import type { Item, Json } from "@/flow/item";
import { useFeed, useRun, visitsOf } from "../live/run-context";
import { nodeOf, portsOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { PREVIEW_ITEMS, type StepDetail, useLineage, useStep } from "./use-step";

/** What came, or would come, in at one input handle. */
export interface InputData {
  handle: string;
  label: string;
  from: { name: string; nodeId: string | null; key: string | null; output: number } | null;
  items: readonly Item[];
  total: number;
  offset: number;
  /** Example data of the node before, which has not run. */
  isSample: boolean;
}

export interface NodeData {
  visits: readonly VisitView[];
  visit: VisitView | undefined;
  selectRun: (runIndex: number) => void;
  step: StepDetail | undefined;
  stepError: unknown;
  loading: boolean;
  inputs: readonly InputData[];
  setOffset: (offset: number) => void;
  /** Loaded visits that expressions can read. */
  steps: ReadonlyMap<string, StepDetail>;
  complete: boolean;
}

/** Names of nodes that some parameters read. */
export function referencedNodes(value: Json): { names: Set<string>; dynamic: boolean } {
  const names = new Set<string>();
  let dynamic = false;
  const walk = (part: Json): void => {
    if (typeof part === "string") {
      if (!part.startsWith("=")) return;
      const references = templateReferences(part);
      for (const name of references.nodes) names.add(name);
      dynamic ||= references.dynamic;
    } else if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === "object" && part !== null) Object.values(part).forEach(walk);
  };
  walk(value);
  return { names, dynamic };
}

/** Everything that is known of a node's data: of its own visit, or else of the nodes that lead to it. */
export function useNodeData(node: GraphNode, extraKeys: readonly string[]): NodeData {
  const { executionId } = useRun();
  const { definitionOf } = useEditorEnvironment();
  const graph = useEditor((state) => state.graph);
  const view = useFeed((state) => state.view);
  const [runIndex, selectRun] = useState<number | null>(useEditor((state) => state.openRunIndex));
  const [offset, setOffset] = useState(0);

  const state = useMemo(() => ({ view, connection: "live" as const, error: null }), [view]);
  const visits = visitsOf(state, node.id);
  const visit = visits.find((candidate) => candidate.runIndex === runIndex) ?? visits.at(-1);
  const stepQuery = useStep(executionId, visit, offset);
  const step = stepQuery.data?.nodeId === node.id ? stepQuery.data : undefined;

  const ports = portsOf(node, definitionOf);
  const feeding = ports.inputs.map((port) => {
    const edges = graph.edges.filter((edge) => edge.target === node.id && edge.targetHandle === port.name);
    const sources = edges.flatMap((edge) => {
      const source = nodeOf(graph, edge.source);
      if (!source) return [];
      const output = Math.max(
        0,
        portsOf(source, definitionOf).outputs.findIndex((candidate) => candidate.name === edge.sourceHandle),
      );
      return [{ source, output, visit: visitsOf(state, source.id).at(-1) }];
    });
    return { port, chosen: sources.find((each) => each.visit) ?? sources[0] };
  });

  const { names, dynamic } = useMemo(() => referencedNodes(node.parameters), [node.parameters]);
  const follow = names.size > 0 || dynamic;
  const upstream = step
    ? step.inputs.flatMap((input) => input.sources.map((source) => source.key))
    : feeding.flatMap(({ chosen }) => chosen?.visit?.key ?? []);
  const named = [...names].flatMap((name) => {
    const target = graph.nodes.find((candidate) => candidate.name === name);
    return (target && visitsOf(state, target.id).at(-1)?.key) ?? [];
  });
  // A visit's own data brings its input along; the nodes before are loaded for what more can be read of them.
  const keys = [...new Set([...(step && !follow ? [] : upstream), ...named, ...extraKeys])];
  const { steps, complete } = useLineage(executionId, keys, follow);

  const inputs: InputData[] = feeding.map(({ port, chosen }, index) => {
    const label = port.label ?? "";
    const own = step?.inputs[index];
    if (own) {
      const source = own.sources[0];
      return {
        handle: port.name,
        label,
        from: source ? { name: source.nodeName, nodeId: source.nodeId, key: source.key, output: source.output } : null,
        items: own.items,
        total: own.total,
        offset: own.offset,
        isSample: false,
      };
    }
    if (!chosen) return { handle: port.name, label, from: null, items: [], total: 0, offset: 0, isSample: false };
    const data = chosen.visit && steps.get(chosen.visit.key);
    const page = data?.outputs[chosen.output];
    const from = { name: chosen.source.name, nodeId: chosen.source.id, key: chosen.visit?.key ?? null, output: chosen.output };
    if (page)
      return { handle: port.name, label, from, items: page.items.slice(0, PREVIEW_ITEMS), total: page.total, offset: 0, isSample: false };
    const pinned = chosen.visit ? undefined : chosen.source.pinned;
    if (pinned) return { handle: port.name, label, from, items: pinned, total: pinned.length, offset: 0, isSample: false };
    const sample = chosen.visit ? undefined : definitionOf(chosen.source.type)?.sample;
    const items = (sample ?? []).map((json) => ({ json }));
    return { handle: port.name, label, from, items, total: items.length, offset: 0, isSample: sample !== undefined };
  });

  return {
    visits,
    visit,
    selectRun: (next) => {
      setOffset(0);
      selectRun(next);
    },
    step,
    stepError: stepQuery.error,
    loading: stepQuery.isLoading,
    inputs,
    setOffset,
    steps,
    complete,
  };
}
