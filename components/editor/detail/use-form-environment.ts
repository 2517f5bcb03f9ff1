"use client";
import { useCallback, useMemo } from "react";
import { ExpressionError } from "@/flow/expression/errors";
import { checkTemplate, evaluateTemplate } from "@/flow/expression/template";
import type { GraphNode } from "@/flow/graph/schema";
import type { Json, JsonObject } from "@/flow/item";
import type { FormEnvironment, Preview } from "../inspector/form-context";
import { type Path, pathText, withValue } from "../inspector/paths";
import { useRun } from "../live/run-context";
import { nodeIssues } from "../node-issues";
import { nodeOf } from "../state/canvas-elements";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { useFlow } from "../state/flow-context";
import { previewScope } from "./preview-scope";
import { type NodeData, referencedNodes } from "./use-node-data";

/** What the form of a node needs: how to change it, what is wrong with it, and what its expressions come to for an item. */
export function useFormEnvironment(node: GraphNode, data: NodeData, itemIndex: number): FormEnvironment {
  const { store, definitionOf, readOnly } = useEditorEnvironment();
  const { executionId } = useRun();
  const flow = useFlow();
  const graph = useEditor((state) => state.graph);
  const { inputs, steps, complete, step } = data;
  const first = inputs[0];
  const hasData = inputs.some((input) => input.items.length > 0);

  const scope = useMemo(
    () =>
      previewScope({
        graph,
        node,
        flow: { id: flow.id, name: flow.name, active: flow.active },
        executionId,
        inputs: inputs.map((input) => input.items),
        sources: inputs.map((input) => (input.from?.key ? { key: input.from.key, output: input.from.output } : null)),
        runIndex: step?.runIndex ?? 0,
        steps,
        now: Date.now(),
      }),
    [graph, node, flow, executionId, inputs, steps, step],
  );

  const preview = useCallback(
    (template: string): Preview => {
      const wrong = checkTemplate(template);
      if (wrong) return { kind: "error", message: wrong.message };
      if (template.trim() === "=") return { kind: "none", reason: "An expression: text with {{ … }} parts" };
      const { names, dynamic } = referencedNodes(template);
      if (!complete && (names.size > 0 || dynamic)) return { kind: "loading" };
      // Read without it, an address made of `$env.APP_URL` would lack its host.
      if (template.includes("$env")) return { kind: "none", reason: "$env is known to the server: “As resolved” has the result of a run" };
      const readsItem = template.includes("$json") || template.includes("$input") || template.includes("$binary");
      if (readsItem && !hasData)
        return {
          kind: "none",
          reason: first?.from
            ? `Run the flow to see the result on data of "${first.from.name}"`
            : "Connect a node before this one to see the result",
        };
      try {
        return { kind: "value", value: evaluateTemplate(template, scope, Math.max(0, itemIndex - (first?.offset ?? 0))) };
      } catch (error) {
        return {
          kind: "error",
          message: error instanceof ExpressionError ? error.reason : error instanceof Error ? error.message : String(error),
        };
      }
    },
    [scope, complete, hasData, first, itemIndex],
  );

  const nodeId = node.id;
  const set = useCallback(
    (path: Path, value: Json | undefined) => {
      const { graph: current, apply } = store.getState();
      const target = nodeOf(current, nodeId);
      if (!target) return;
      const parameters = withValue(target.parameters, path, value) as JsonObject;
      apply({ type: "updateParameters", nodeId, parameters }, { mergeKey: `${nodeId}:${pathText(path)}` });
    },
    [store, nodeId],
  );

  const problemOf = useCallback(
    (path: string) => {
      const message = nodeIssues(node, definitionOf).find((issue) => issue.field === path)?.message;
      // Elsewhere it goes on a sentence that names the field; here the field stands above it.
      return message && message[0]?.toUpperCase() + message.slice(1);
    },
    [node, definitionOf],
  );

  const completions = useMemo(
    () => ({
      json: first?.items[Math.max(0, itemIndex - first.offset)]?.json ?? first?.items[0]?.json,
      nodeNames: graph.nodes.filter((each) => each.id !== nodeId).map((each) => each.name),
      jsonOf: (name: string) => [...steps.values()].find((each) => each.nodeName === name)?.outputs[0]?.items[0]?.json,
    }),
    [first, itemIndex, graph.nodes, nodeId, steps],
  );

  return useMemo(() => ({ readOnly, problemOf, preview, completions, set }), [readOnly, problemOf, preview, completions, set]);
}
