"use client";
import { json } from "@codemirror/lang-json";
import { ChevronDown, Play } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { FieldError } from "@/components/ui/form-field";
import { Kbd } from "@/components/ui/kbd";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Tooltip } from "@/components/ui/tooltip";
import type { GraphNode } from "@/flow/graph/schema";
import { codeExtensions } from "../inspector/controls/code-extensions";
import { CodeMirror } from "../inspector/expression/code-mirror";
import { useEditor, useEditorEnvironment } from "../state/editor-context";
import { useFlow } from "../state/flow-context";
import { keepRunInput, parseRunInput, runInputText, triggersOf } from "./run-input";
import type { RunFlow } from "./use-run-flow";

const INPUT = codeExtensions(json());
const TITLES: Record<string, string> = {
  manual: "Input (JSON)",
  webhook: "Sample request (JSON)",
  schedule: "Sample event (JSON)",
  poll: "Event (JSON); empty: the newest is fetched",
};

/** Runs the draft; beside it, where the run starts and with what. */
export function RunButton({ runFlow }: { runFlow: RunFlow }) {
  const { definitionOf } = useEditorEnvironment();
  const nodes = useEditor((state) => state.graph.nodes);
  const [open, setOpen] = useState(false);
  const triggers = triggersOf(nodes, definitionOf);
  return (
    <div className="flex">
      <Tooltip
        content={
          triggers.length === 0 ? (
            "Add a trigger first"
          ) : (
            <>
              Run the draft <Kbd>Ctrl ⏎</Kbd>
            </>
          )
        }
      >
        <Button variant="primary" className="rounded-r-none" pending={runFlow.pending} onClick={() => runFlow.run()}>
          <Play aria-hidden="true" />
          Run
        </Button>
      </Tooltip>
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button
            variant="primary"
            size="icon"
            className="w-7 rounded-l-none border-primary-foreground/25 border-l"
            aria-label="Run with input"
          >
            <ChevronDown aria-hidden="true" />
          </Button>
        </PopoverTrigger>
        <PopoverContent align="end" className="w-[min(26rem,calc(100vw-2rem))]" aria-label="Run with input">
          {triggers.length === 0 ? (
            <p className="text-muted-foreground text-sm">This flow has no trigger: add one, and connect it, so that it can start.</p>
          ) : (
            <RunForm triggers={triggers} runFlow={runFlow} close={() => setOpen(false)} />
          )}
        </PopoverContent>
      </Popover>
    </div>
  );
}

function RunForm({ triggers, runFlow, close }: { triggers: readonly GraphNode[]; runFlow: RunFlow; close: () => void }) {
  const { definitionOf } = useEditorEnvironment();
  const flow = useFlow();
  const [triggerId, setTriggerId] = useState(runFlow.triggerId ?? triggers[0]?.id ?? "");
  const trigger = triggers.find((node) => node.id === triggerId) ?? triggers[0];
  const [text, setText] = useState(() => (trigger ? runInputText(flow.id, trigger, definitionOf) : ""));
  if (!trigger) return null;
  const parsed = parseRunInput(text);
  const kind = definitionOf(trigger.type)?.trigger ?? "manual";
  return (
    <div className="grid gap-3">
      {triggers.length > 1 ? (
        <div className="grid gap-1.5">
          <span className="font-medium text-sm">Start at</span>
          <Choice
            aria-label="Start at"
            value={trigger.id}
            options={triggers.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => {
              setTriggerId(id);
              const next = triggers.find((node) => node.id === id);
              if (next) setText(runInputText(flow.id, next, definitionOf));
            }}
          />
        </div>
      ) : null}
      <div className="grid gap-1.5">
        <span className="font-medium text-sm">{TITLES[kind]}</span>
        <CodeMirror
          key={trigger.id}
          value={text}
          onChange={setText}
          label={TITLES[kind] ?? "Input"}
          invalid={"error" in parsed}
          extensions={INPUT}
          className="overflow-hidden rounded-md border border-input bg-field [&_.cm-editor]:max-h-72 [&_.cm-editor]:min-h-36"
        />
        {"error" in parsed ? (
          <FieldError>{parsed.error}</FieldError>
        ) : (
          <p className="text-muted-foreground text-xs">An object is one item, a list one item for each element.</p>
        )}
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={close}>Close</Button>
        <Button
          variant="primary"
          disabled={"error" in parsed}
          onClick={() => {
            keepRunInput(flow.id, trigger.id, text);
            close();
            runFlow.run(trigger.id);
          }}
        >
          <Play aria-hidden="true" />
          Run with this input
        </Button>
      </div>
    </div>
  );
}
