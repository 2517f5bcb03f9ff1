"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { useEditor } from "../state/editor-context";

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** Time zone and the limit of visits. */
export function FlowSettingsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>{open ? <SettingsForm close={() => onOpenChange(false)} /> : null}</DialogContent>
    </Dialog>
  );
}

function SettingsForm({ close }: { close: () => void }) {
  const settings = useEditor((state) => state.graph.settings);
  const apply = useEditor((state) => state.apply);
  const [timezone, setTimezone] = useState(settings.timezone ?? "");
  const [maxVisits, setMaxVisits] = useState(settings.maxVisits === undefined ? "" : String(settings.maxVisits));
  const zoneError = timezone.trim() === "" || isZone(timezone.trim()) ? null : "No such time zone. Write it like Europe/Berlin.";
  const visits = maxVisits.trim() === "" ? null : Number(maxVisits);
  const visitsError =
    visits === null || (Number.isInteger(visits) && visits >= 1 && visits <= 1_000_000) ? null : "A whole number from 1 to 1,000,000.";
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (zoneError || visitsError) return;
        const { timezone: _, maxVisits: __, ...rest } = settings;
        apply({
          type: "updateFlowSettings",
          settings: {
            ...rest,
            ...(timezone.trim() !== "" && { timezone: timezone.trim() }),
            ...(visits !== null && { maxVisits: visits }),
          },
        });
        close();
      }}
    >
      <DialogHeader>
        <DialogTitle>Flow settings</DialogTitle>
        <DialogDescription>They belong to the draft: publish to let them count.</DialogDescription>
      </DialogHeader>
      <FormField label="Time zone" hint="Of $now, $today and schedules. Empty: UTC." error={zoneError}>
        {(control) => (
          <Input {...control} list="time-zones" placeholder="UTC" value={timezone} onChange={(event) => setTimezone(event.target.value)} />
        )}
      </FormField>
      <datalist id="time-zones">
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <FormField label="Most node visits" hint="An execution that makes more fails instead of looping for ever." error={visitsError}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            placeholder="Default"
            value={maxVisits}
            onChange={(event) => setMaxVisits(event.target.value)}
          />
        )}
      </FormField>
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" variant="primary">
          Done
        </Button>
      </DialogFooter>
    </form>
  );
}
