import type { Graph } from "../schema";
import { connect, disconnect } from "./edges";
import {
  addNodes,
  moveNodes,
  removeNodes,
  setCredentials,
  setDisabled,
  setPinned,
  updateNotes,
  updateParameters,
  updateSettings,
} from "./nodes";
import type { Applied, GraphOperation } from "./operation";
import { renameNode } from "./rename-node";

/**
 * Applies one edit. Pure: the given graph is not changed, and untouched nodes keep their identity.
 *
 * @throws GraphOperationError when the edit does not fit the graph; nothing is applied then.
 * @example
 * const { graph: next, inverse } = applyOperation(graph, { type: "setDisabled", nodeIds: ["a"], disabled: true });
 * applyOperation(next, inverse).graph; // as it was
 */
export function applyOperation(graph: Graph, operation: GraphOperation): Applied {
  switch (operation.type) {
    case "addNodes":
      return addNodes(graph, operation);
    case "removeNodes":
      return removeNodes(graph, operation);
    case "moveNodes":
      return moveNodes(graph, operation);
    case "connect":
      return connect(graph, operation);
    case "disconnect":
      return disconnect(graph, operation);
    case "updateParameters":
      return updateParameters(graph, operation);
    case "updateSettings":
      return updateSettings(graph, operation);
    case "setCredentials":
      return setCredentials(graph, operation);
    case "updateNotes":
      return updateNotes(graph, operation);
    case "setPinned":
      return setPinned(graph, operation);
    case "renameNode":
      return renameNode(graph, operation);
    case "setDisabled":
      return setDisabled(graph, operation);
    case "updateFlowSettings":
      return {
        graph: { ...graph, settings: operation.settings },
        inverse: { type: "updateFlowSettings", settings: graph.settings },
      };
    case "replaceGraph":
      return { graph: operation.graph, inverse: { type: "replaceGraph", graph } };
    case "batch": {
      let current = graph;
      const inverses: GraphOperation[] = [];
      for (const each of operation.operations) {
        const applied = applyOperation(current, each);
        current = applied.graph;
        inverses.unshift(applied.inverse);
      }
      return { graph: current, inverse: { type: "batch", operations: inverses } };
    }
  }
}
