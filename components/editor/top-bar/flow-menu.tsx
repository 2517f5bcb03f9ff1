"use client";
import { Archive, Download, Ellipsis, History, Link2, Settings2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { toast } from "@/components/ui/toast";
import { nodeOf } from "../state/canvas-elements";
import { useEditorEnvironment } from "../state/editor-context";
import { useFlow } from "../state/flow-context";
import { StoredValuesDialog } from "../storage/stored-values-dialog";
import { FlowSettingsDialog } from "./flow-settings-dialog";

/** What is needed now and then: webhook addresses, settings, the flow as a file. */
export function FlowMenu() {
  const { store } = useEditorEnvironment();
  const flow = useFlow();
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [storageOpen, setStorageOpen] = useState(false);
  const graph = store.getState().graph;
  const webhooks = flow.triggers.flatMap((trigger) => {
    const node = nodeOf(graph, trigger.nodeId);
    return trigger.url && node ? [{ id: trigger.id, url: trigger.url, name: node.name }] : [];
  });
  const copy = async (url: string) => {
    try {
      await navigator.clipboard.writeText(url);
      toast.success("Webhook URL copied");
    } catch {
      toast.error("The browser refused to copy", { description: url });
    }
  };
  const download = () => {
    const file = new Blob([JSON.stringify({ name: flow.name, graph: store.getState().graph }, null, 2)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${flow.name.replace(/[^\w-]+/g, "-").toLowerCase() || "flow"}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label="More about this flow">
            <Ellipsis aria-hidden="true" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {webhooks.map((webhook) => (
            <DropdownMenuItem key={webhook.id} onSelect={() => void copy(webhook.url)}>
              <Link2 aria-hidden="true" />
              {webhooks.length > 1 ? `Copy URL of “${webhook.name}”` : "Copy webhook URL"}
            </DropdownMenuItem>
          ))}
          {webhooks.length > 0 ? <DropdownMenuSeparator /> : null}
          {/* On a narrow screen the tab to them has no place in the bar. */}
          <DropdownMenuItem asChild className="md:hidden">
            <Link href={`/executions?flow=${encodeURIComponent(flow.id)}`}>
              <History aria-hidden="true" />
              Executions
            </Link>
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setSettingsOpen(true)}>
            <Settings2 aria-hidden="true" />
            Flow settings
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setStorageOpen(true)}>
            <Archive aria-hidden="true" />
            Stored values
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={download}>
            <Download aria-hidden="true" />
            Export as JSON
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <FlowSettingsDialog open={settingsOpen} onOpenChange={setSettingsOpen} />
      <StoredValuesDialog
        flowId={flow.id}
        nodeNames={new Map(graph.nodes.map(({ id, name }) => [id, name]))}
        open={storageOpen}
        onOpenChange={setStorageOpen}
      />
    </>
  );
}
