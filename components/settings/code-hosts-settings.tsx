"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { TextAreaField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import { LoadedSetting, SettingForm } from "./setting-form";

/** Hosts that code may call, one a line. */
export function CodeHostsSettings() {
  const trpc = useTRPC();
  const query = useQuery(trpc.organizations.codeHosts.queryOptions());
  return (
    <LoadedSetting query={query} what="The hosts" height="h-40">
      {({ hosts }) => <CodeHostsForm key={hosts.join()} current={hosts} />}
    </LoadedSetting>
  );
}

const hostsIn = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((host) => host.trim())
    .filter((host) => host !== "");

function CodeHostsForm({ current }: { current: string[] }) {
  const canChange = useCan("admin");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [text, setText] = useState(current.join("\n"));
  const save = useMutation(
    trpc.organizations.setCodeHosts.mutationOptions({
      onSuccess: (saved) => {
        toast.success(saved.hosts.length === 0 ? "Code has no network" : "Saved");
        queryClient.setQueryData(trpc.organizations.codeHosts.queryKey(), saved);
      },
    }),
  );
  const hosts = hostsIn(text);
  const problem = hostProblem(fieldErrors(save.error), hosts);
  return (
    <SettingForm
      what="these hosts"
      changed={hosts.join() !== current.join()}
      pending={save.isPending}
      error={problem ? null : save.error}
      onSave={() => save.mutate({ hosts })}
    >
      <TextAreaField
        label="Hosts that code may call"
        hint="One a line, such as api.example.com or *.example.com; https, unless it begins with http://. Without any, code has no network. Code in Daytona reaches these hosts too."
        error={problem}
        rows={4}
        spellCheck={false}
        className="font-mono text-sm"
        placeholder="No hosts"
        value={text}
        onChange={(event) => setText(event.target.value)}
        disabled={!canChange}
      />
    </SettingForm>
  );
}

/** The first field that is wrong, with the host that it is about. */
function hostProblem(errors: Record<string, string | undefined>, hosts: readonly string[]): string | undefined {
  const [field, message] = Object.entries(errors).find(([name]) => name.startsWith("hosts")) ?? [];
  if (field === undefined || message === undefined) return undefined;
  const host = hosts[Number(/\[(\d+)\]/.exec(field)?.[1] ?? Number.NaN)];
  return host === undefined ? message : `${host} ${message}`;
}
