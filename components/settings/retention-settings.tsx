"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useState } from "react";
import { fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import type { AppRouter } from "@/server/trpc/router";
import { LoadedSetting, SettingForm } from "./setting-form";

type Retention = inferRouterOutputs<AppRouter>["organizations"]["retention"];

const FIELDS: readonly { name: keyof Retention; label: string; hint: string }[] = [
  { name: "succeededDays", label: "Succeeded executions", hint: "Cancelled ones, too. With all their steps and data." },
  { name: "failedDays", label: "Failed executions", hint: "Timed-out ones, too." },
  { name: "logDays", label: "Logs of steps", hint: "What nodes logged; the steps themselves stay with their execution." },
  { name: "deletedFlowDays", label: "Deleted flows", hint: "Until then they can be brought back. Their executions go with them." },
];

/** For how many days things are kept. */
export function RetentionSettings() {
  const trpc = useTRPC();
  const query = useQuery(trpc.organizations.retention.queryOptions());
  return (
    <LoadedSetting query={query} what="The times" height="h-64">
      {(retention) => <RetentionForm key={JSON.stringify(retention)} retention={retention} />}
    </LoadedSetting>
  );
}

const textOf = (days: number | null): string => (days === null ? "" : String(days));
const daysOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

function RetentionForm({ retention }: { retention: Retention }) {
  const canChange = useCan("admin");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [texts, setTexts] = useState(
    () => Object.fromEntries(FIELDS.map(({ name }) => [name, textOf(retention[name])])) as Record<keyof Retention, string>,
  );
  const save = useMutation(
    trpc.organizations.setRetention.mutationOptions({
      onSuccess: (saved) => {
        toast.success("Saved");
        queryClient.setQueryData(trpc.organizations.retention.queryKey(), saved);
      },
    }),
  );
  const problems = fieldErrors(save.error);
  const changed = FIELDS.filter(({ name }) => daysOf(texts[name]) !== retention[name]);
  const shortened = changed.some(({ name }) => {
    const days = daysOf(texts[name]);
    const before = retention[name];
    return days !== null && (before === null || days < before);
  });
  return (
    <SettingForm
      what="these times"
      narrow={false}
      changed={changed.length > 0}
      pending={save.isPending}
      error={Object.keys(problems).length > 0 ? null : save.error}
      note={
        shortened
          ? "What is older than the new time is deleted within minutes and cannot be brought back."
          : "Leave a field empty to keep things for ever."
      }
      onSave={() => save.mutate(Object.fromEntries(changed.map(({ name }) => [name, daysOf(texts[name])])))}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map(({ name, label, hint }) => (
          <TextField
            key={name}
            label={`${label} (days)`}
            hint={hint}
            error={problems[name]}
            type="number"
            min={1}
            max={3650}
            step={1}
            value={texts[name]}
            onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
            placeholder="For ever"
            disabled={!canChange}
          />
        ))}
      </div>
    </SettingForm>
  );
}
