"use client";
import { type ReactNode, useId } from "react";
import { Choice } from "@/components/ui/choice";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { Textarea } from "@/components/ui/textarea";
import type { GraphNode, NodeSettings as Settings } from "@/flow/graph/schema";
import { type AnyNodeDefinition, effectOf, isRepeatable } from "@/flow/node/define-node";
import { BACKOFFS } from "../flow-settings/fields";
import { useEditor, useEditorEnvironment } from "../state/editor-context";

const ON_ERROR = [
  { value: "stop", label: "Stop the execution" },
  { value: "continue", label: "Go on, with the error as an item" },
  { value: "errorOutput", label: "Go on at the error output" },
] as const;

const UNCLEAR = [
  { value: "default", label: "Ask after a crash; a time-out is a failure" },
  { value: "ask", label: "Ask, after a time-out too" },
  { value: "repeat", label: "Run it again" },
] as const;

/** A write that must not simply be made again. */
const isHarmful = (definition: AnyNodeDefinition, parameters: GraphNode["parameters"]): boolean =>
  effectOf(definition, parameters) === "write" && !isRepeatable(definition, parameters);

const RETRY = { maxAttempts: 3, waitMs: 1000, backoff: "fixed" as const };

/** How a node behaves, whatever it does: errors, retries, empty output, notes. */
export function NodeSettings({ node }: { node: GraphNode }) {
  const { definitionOf, readOnly } = useEditorEnvironment();
  const apply = useEditor((state) => state.apply);
  const settings = node.settings ?? {};
  const { retry } = settings;
  const definition = definitionOf(node.type);
  const isTrigger = definition?.trigger !== undefined;
  const update = (change: Partial<Record<keyof Settings, unknown>>, key: string) => {
    const next = Object.fromEntries(
      Object.entries({ ...settings, ...change }).filter(([, value]) => value !== undefined && value !== false),
    );
    apply({ type: "updateSettings", nodeId: node.id, settings: next as Settings }, { mergeKey: `${node.id}:settings:${key}` });
  };
  return (
    <div className="grid grid-cols-1 gap-4">
      <Row label="Disabled" hint="The node is passed over; its items go on as they came.">
        {(id) => (
          <Switch
            id={id}
            checked={node.disabled ?? false}
            disabled={readOnly}
            onCheckedChange={(disabled) => void apply({ type: "setDisabled", nodeIds: [node.id], disabled })}
          />
        )}
      </Row>
      {isTrigger ? null : (
        <>
          <Stack label="On error">
            {(id) => (
              <Choice
                id={id}
                value={settings.onError ?? "stop"}
                options={ON_ERROR}
                disabled={readOnly}
                onChange={(onError) => update({ onError: onError === "stop" ? undefined : onError }, "onError")}
              />
            )}
          </Stack>
          <Row label="Retry on fail" hint="Errors that trying again cannot help are never retried.">
            {(id) => (
              <Switch
                id={id}
                checked={retry !== undefined}
                disabled={readOnly}
                onCheckedChange={(on) => update({ retry: on ? RETRY : undefined }, "retry")}
              />
            )}
          </Row>
          {retry ? (
            <div className="grid grid-cols-2 gap-3 border-border border-l-2 pl-3">
              <Stack label="Attempts">
                {(id) => (
                  <NumberInput
                    id={id}
                    value={retry.maxAttempts}
                    min={1}
                    max={20}
                    readOnly={readOnly}
                    onChange={(maxAttempts) => update({ retry: { ...retry, maxAttempts } }, "maxAttempts")}
                  />
                )}
              </Stack>
              <Stack label="Wait (ms)">
                {(id) => (
                  <NumberInput
                    id={id}
                    value={retry.waitMs}
                    min={0}
                    max={86_400_000}
                    readOnly={readOnly}
                    onChange={(waitMs) => update({ retry: { ...retry, waitMs } }, "waitMs")}
                  />
                )}
              </Stack>
              <Stack label="Backoff">
                {(id) => (
                  <Choice
                    id={id}
                    value={retry.backoff}
                    options={BACKOFFS}
                    disabled={readOnly}
                    onChange={(backoff) => update({ retry: { ...retry, backoff } }, "backoff")}
                  />
                )}
              </Stack>
            </div>
          ) : null}
          {definition && isHarmful(definition, node.parameters) ? (
            <Stack label="When nobody knows whether it was done">
              {(id) => (
                <Choice
                  id={id}
                  value={settings.unclear ?? "default"}
                  options={UNCLEAR}
                  disabled={readOnly}
                  onChange={(unclear) => update({ unclear: unclear === "default" ? undefined : unclear }, "unclear")}
                />
              )}
            </Stack>
          ) : null}
          <Row label="Always output data" hint="Gives one empty item when there would be none.">
            {(id) => (
              <Switch
                id={id}
                checked={settings.alwaysOutputData ?? false}
                disabled={readOnly}
                onCheckedChange={(alwaysOutputData) => update({ alwaysOutputData }, "alwaysOutputData")}
              />
            )}
          </Row>
          <Row label="Execute once" hint="For the first item only.">
            {(id) => (
              <Switch
                id={id}
                checked={settings.executeOnce ?? false}
                disabled={readOnly}
                onCheckedChange={(executeOnce) => update({ executeOnce }, "executeOnce")}
              />
            )}
          </Row>
        </>
      )}
      <Stack label="Notes">
        {(id) => (
          <Textarea
            id={id}
            rows={4}
            maxLength={10_000}
            readOnly={readOnly}
            placeholder="What the next person should know"
            value={node.notes ?? ""}
            onChange={(event) =>
              void apply({ type: "updateNotes", nodeId: node.id, notes: event.target.value }, { mergeKey: `${node.id}:notes` })
            }
          />
        )}
      </Stack>
      <p className="text-placeholder text-xs">{`${node.type}, version ${node.version}`}</p>
    </div>
  );
}

function NumberInput({
  id,
  value,
  min,
  max,
  readOnly,
  onChange,
}: {
  id: string;
  value: number;
  min: number;
  max: number;
  readOnly: boolean;
  onChange: (value: number) => void;
}) {
  return (
    <Input
      id={id}
      type="number"
      value={value}
      min={min}
      max={max}
      readOnly={readOnly}
      onChange={(event) => {
        const next = Math.round(event.target.valueAsNumber);
        if (Number.isFinite(next)) onChange(Math.min(max, Math.max(min, next)));
      }}
    />
  );
}

function Row({ label, hint, children }: { label: string; hint: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        <p className="text-muted-foreground text-xs">{hint}</p>
      </div>
      {children(id)}
    </div>
  );
}

function Stack({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
