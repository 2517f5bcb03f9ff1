import type pg from "pg";
import { frozenGraphSchema } from "@/flow/graph/schema";
import { type PreparedGraph, prepareGraph } from "@/flow/interpreter/prepare";
import type { NodeRegistry } from "@/flow/node/registry";
import type { ClaimedExecution } from "./engine";

export interface LoadedFlow {
  graph: PreparedGraph;
  flowName: string;
}

const MOST_VERSIONS = 500;

/** Published versions, made ready to run once: they never change. The least recently used go first. */
export class GraphCache {
  private readonly versions = new Map<string, Promise<LoadedFlow>>();

  constructor(
    private readonly pool: pg.Pool,
    private readonly registry: NodeRegistry,
  ) {}

  load(execution: ClaimedExecution): Promise<LoadedFlow> {
    if (execution.flowVersion === null) return this.read(execution);
    const key = `${execution.flowId}@${execution.flowVersion}`;
    const known = this.versions.get(key);
    if (known) {
      this.versions.delete(key);
      this.versions.set(key, known);
      return known;
    }
    const loading = this.read(execution);
    this.versions.set(key, loading);
    loading.catch(() => this.versions.delete(key));
    const [oldest] = this.versions.keys();
    if (this.versions.size > MOST_VERSIONS && oldest !== undefined) this.versions.delete(oldest);
    return loading;
  }

  private async read({ flowId, flowVersion, draftGraph, organizationId }: ClaimedExecution): Promise<LoadedFlow> {
    const { rows } = await this.pool.query<{ name: string; graph: unknown }>(
      `select f.name, v.graph from flow f left join flow_version v on v.flow_id = f.id and v.version = $2
       where f.id = $1 and f.organization_id = $3`,
      [flowId, flowVersion, organizationId],
    );
    const stored = flowVersion === null ? (draftGraph === null ? null : JSON.parse(draftGraph)) : rows[0]?.graph;
    if (!stored) throw new Error(`Version ${flowVersion ?? "draft"} of the flow ${flowId} is not stored`);
    return { graph: prepareGraph(frozenGraphSchema.parse(stored), this.registry), flowName: rows[0]?.name ?? "" };
  }
}
