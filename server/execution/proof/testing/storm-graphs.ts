import type pg from "pg";
import type { Graph } from "@/flow/graph/schema";
import { sketch } from "@/flow/interpreter/testing/registry";
import type { NodeExecutor } from "@/flow/node/context";
import type { NodeRegistry } from "@/flow/node/registry";
import { flowTrigger } from "@/nodes/flow-trigger/definition";
import { httpRequest } from "@/nodes/http-request/definition";
import { execute as requestOverHttp } from "@/nodes/http-request/executor";
import { manualTrigger } from "@/nodes/manual-trigger/definition";
import { execute as trigger } from "@/nodes/manual-trigger/executor";
import { SENT_AT } from "./storm-outside";
import { STORM_ORGANIZATION } from "./storm-worker-protocol";

/** Nodes of the product that a storm's graphs are made of. All of them would take each new process too long to load. */
const definitions = [manualTrigger, flowTrigger, httpRequest];
const executors: Readonly<Record<string, NodeExecutor>> = {
  [manualTrigger.type]: trigger,
  [httpRequest.type]: requestOverHttp as NodeExecutor,
};

export const stormRegistry: NodeRegistry = {
  definition: (type) => definitions.find((definition) => definition.type === type),
  executor: (type) => executors[type]!,
};

/** A flow that writes, fails at its second step, and would write again; or the same, mended. */
export function mendedGraph(effectsUrl: string, mended: boolean): Graph {
  const settings = { retry: { maxAttempts: 8, waitMs: 150, backoff: "fixed" as const } };
  const write = (step: string) => ({
    type: httpRequest.type,
    parameters: {
      method: "PUT",
      url: `={{ "${effectsUrl}/do/" + $('Start').item.json.n + "-${step}" }}`,
      headers: [{ name: SENT_AT, value: "={{ Date.now() }}" }],
    },
    settings,
  });
  return sketch(
    {
      Start: { type: manualTrigger.type },
      First: write("first"),
      Middle: {
        type: httpRequest.type,
        parameters: { method: "GET", url: `${effectsUrl}/${mended ? "mended" : "broken"}/middle` },
        settings: mended ? settings : {},
      },
      Last: write("last"),
    },
    ["Start -> First", "First -> Middle", "Middle -> Last"],
  );
}

/** Flows that are looked up: one that others run, and one whose version fails and whose draft does not. */
export async function insertStormFlows(pool: pg.Pool, effectsUrl: string): Promise<void> {
  const child = sketch({ Start: { type: flowTrigger.type } }, []);
  const flows: [id: string, published: Graph, draft: Graph][] = [
    ["child", child, child],
    ["mended", mendedGraph(effectsUrl, false), mendedGraph(effectsUrl, true)],
  ];
  for (const [id, published, draft] of flows) {
    await pool.query(
      `with made as (
         insert into flow (id, organization_id, name, draft, published_version, active, updated_at) values ($1, $2, $1, $3, 1, true, now()))
       insert into flow_version (id, organization_id, flow_id, version, graph) values ($1, $2, $1, 1, $4)`,
      [id, STORM_ORGANIZATION, JSON.stringify(draft), JSON.stringify(published)],
    );
  }
}
