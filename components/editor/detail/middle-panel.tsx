"use client";
import { useState } from "react";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { GraphNode } from "@/flow/graph/schema";
import { CredentialFields } from "../inspector/credential-fields";
import { formOf } from "../inspector/form-model";
import { NodeSettings } from "../inspector/node-settings";
import { ParameterFields } from "../inspector/parameter-field";
import { useEditorEnvironment } from "../state/editor-context";
import { ActionForm } from "./action-form";
import { ResolvedParameters } from "./resolved-parameters";
import { TriggerInfo } from "./trigger-info";
import type { NodeData } from "./use-node-data";

const PANEL = "min-h-0 flex-1 overflow-y-auto px-4 pt-3 pb-8";

/** What the node is told to do: its parameters, what they came to in this run, and its settings. */
export function MiddlePanel({ node, data }: { node: GraphNode; data: NodeData }) {
  const { definitionOf, readOnly } = useEditorEnvironment();
  const definition = definitionOf(node.type);
  const [tab, setTab] = useState(readOnly && data.visit ? "resolved" : "parameters");
  const form = definition ? formOf(definition) : [];
  const shown = tab === "resolved" && !data.visit ? "parameters" : tab;
  return (
    <section aria-label="Parameters" className="flex min-w-0 flex-1 flex-col">
      <Tabs value={shown} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
        <div className="flex h-11 shrink-0 items-center px-4">
          <TabsList>
            <TabsTrigger value="parameters">Parameters</TabsTrigger>
            {data.visit ? <TabsTrigger value="resolved">As resolved</TabsTrigger> : null}
            <TabsTrigger value="settings">Settings</TabsTrigger>
          </TabsList>
        </div>
        <TabsContent value="parameters" className={PANEL}>
          <div className="grid grid-cols-1 gap-4">
            {definition ? null : (
              <p className="rounded-lg border border-warning/40 bg-warning-soft p-3 text-sm">
                {`This installation does not know the node type "${node.type}". It cannot run; its parameters are kept.`}
              </p>
            )}
            <TriggerInfo node={node} />
            <ActionForm node={node}>
              <CredentialFields node={node} />
            </ActionForm>
            <ParameterFields fields={form} values={node.parameters} path={[]} />
            {definition && form.length === 0 ? <p className="text-muted-foreground text-sm">This node has no parameters.</p> : null}
          </div>
        </TabsContent>
        {data.visit ? (
          <TabsContent value="resolved" className={PANEL}>
            <ResolvedParameters form={form} data={data} />
          </TabsContent>
        ) : null}
        <TabsContent value="settings" className={PANEL}>
          <NodeSettings node={node} />
        </TabsContent>
      </Tabs>
    </section>
  );
}
