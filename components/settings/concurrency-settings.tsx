"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import { LoadedSetting, SettingForm } from "./setting-form";

/** How many executions may run at the same time. */
export function ConcurrencySettings() {
  const trpc = useTRPC();
  const query = useQuery(trpc.organizations.concurrency.queryOptions());
  return (
    <LoadedSetting query={query} what="The limit" height="h-32">
      {({ maxConcurrent }) => <ConcurrencyForm key={maxConcurrent} current={maxConcurrent} />}
    </LoadedSetting>
  );
}

function ConcurrencyForm({ current }: { current: number }) {
  const canChange = useCan("admin");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [text, setText] = useState(String(current));
  const save = useMutation(
    trpc.organizations.setConcurrency.mutationOptions({
      onSuccess: (saved) => {
        toast.success("Saved");
        queryClient.setQueryData(trpc.organizations.concurrency.queryKey(), saved);
      },
    }),
  );
  const problem = fieldErrors(save.error).maxConcurrent;
  const limit = Number(text);
  return (
    <SettingForm
      what="this limit"
      changed={limit !== current}
      pending={save.isPending}
      error={problem ? null : save.error}
      onSave={() => save.mutate({ maxConcurrent: limit })}
    >
      <TextField
        label="At the same time"
        hint="Of all flows together; further ones queue. What waits or sleeps does not count. A flow can have a limit of its own."
        error={problem}
        type="number"
        min={1}
        max={1000}
        step={1}
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
        disabled={!canChange}
      />
    </SettingForm>
  );
}
