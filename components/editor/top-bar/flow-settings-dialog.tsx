"use client";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/text-field";
import { SpanField } from "../flow-settings/controls";
import { fieldsOf, readFields, type SettingsFields } from "../flow-settings/fields";
import { LinkedFlowFields, type LinkedFlows, withLinkedFlows } from "../flow-settings/linked-flows";
import { RetryRule, StartRules } from "../flow-settings/rules";
import { useEditor } from "../state/editor-context";

/** Time zone, limits and the rules of when executions begin, end and try again. */
export function FlowSettingsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-lg">{open ? <SettingsForm close={() => onOpenChange(false)} /> : null}</DialogContent>
    </Dialog>
  );
}

function SettingsForm({ close }: { close: () => void }) {
  const before = useEditor((state) => state.graph.settings);
  const apply = useEditor((state) => state.apply);
  const [fields, setFields] = useState(() => fieldsOf(before));
  const [linked, setLinked] = useState<LinkedFlows>({ errorFlow: before.errorFlow, callers: before.callers });
  const { settings, errors } = readFields(fields, before);
  const set = (changed: Partial<SettingsFields>) => setFields((current) => ({ ...current, ...changed }));
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (Object.keys(errors).length > 0) {
          // Perhaps out of sight.
          event.currentTarget.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
          return;
        }
        apply({ type: "updateFlowSettings", settings: withLinkedFlows(settings, linked) });
        close();
      }}
    >
      <DialogHeader>
        <DialogTitle>Flow settings</DialogTitle>
        <DialogDescription>They belong to the draft: publish to let them count. Runs by hand start at once.</DialogDescription>
      </DialogHeader>
      <TextField
        label="Time zone"
        hint="Of $now, $today and schedules. Empty: UTC."
        error={errors.timezone ?? null}
        list="time-zones"
        autoComplete="on"
        className="[&::-webkit-calendar-picker-indicator]:opacity-50"
        placeholder="UTC"
        value={fields.timezone}
        onChange={(event) => set({ timezone: event.target.value })}
      />
      <datalist id="time-zones">
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Group title="When it starts">
        <StartRules fields={fields} errors={errors} set={set} />
        <TextField
          label="Priority"
          hint="Among queued executions of the organization, the higher goes first: from -100 to 100."
          inputMode="numeric"
          placeholder="0"
          error={errors.priority}
          value={fields.priority}
          onChange={(event) => set({ priority: event.target.value })}
        />
      </Group>
      <Group title="When it fails or takes too long">
        <RetryRule fields={fields} errors={errors} set={set} />
        <SpanField
          label="Time-out"
          hint="An execution that takes longer is ended, also while it waits. The time of a pause does not count."
          placeholder="None"
          error={errors.timeout}
          value={fields.timeout}
          onChange={(timeout) => set({ timeout })}
        />
        <TextField
          label="Most node visits"
          hint="An execution that makes more fails instead of looping for ever."
          inputMode="numeric"
          placeholder="Default"
          error={errors.maxVisits}
          value={fields.maxVisits}
          onChange={(event) => set({ maxVisits: event.target.value })}
        />
      </Group>
      <Group title="With other flows">
        <LinkedFlowFields value={linked} onChange={setLinked} />
      </Group>
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" variant="primary">
          Done
        </Button>
      </DialogFooter>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="grid grid-cols-1 gap-4 border-border border-t pt-4">
      <legend className="sr-only">{title}</legend>
      <p aria-hidden="true" className="font-medium text-muted-foreground text-xs">
        {title}
      </p>
      {children}
    </fieldset>
  );
}
