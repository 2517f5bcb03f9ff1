"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTheme } from "@/components/providers/theme";
import { useTRPC } from "@/components/providers/trpc";
import { useCan, useSession } from "@/components/shell/session";
import { THEMES } from "@/components/shell/theme-menu";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import { CodeHostsSettings } from "./code-hosts-settings";
import { ConcurrencySettings } from "./concurrency-settings";
import { RetentionSettings } from "./retention-settings";
import { roleLabel } from "./roles";
import { Section } from "./section";

export function GeneralSettings() {
  return (
    <>
      <Section title="Organization" description="What members see in the sidebar and in messages">
        <OrganizationForm />
      </Section>
      <Section title="Executions" description="How many may run at the same time">
        <ConcurrencySettings />
      </Section>
      <Section
        title="Data retention"
        description="For how long executions, logs and deleted flows are kept before they are deleted for good"
      >
        <RetentionSettings />
      </Section>
      <Section title="Code" description="What JavaScript and TypeScript in Code nodes may call">
        <CodeHostsSettings />
      </Section>
      <Section title="Appearance" description="Kept in this browser, for you alone">
        <ThemeChoice />
      </Section>
    </>
  );
}

function OrganizationForm() {
  const { organization } = useSession();
  const canRename = useCan("admin");
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState(organization.name);
  const rename = useMutation(
    trpc.organizations.rename.mutationOptions({
      onSuccess: async ({ name: saved }) => {
        setName(saved);
        toast.success("Organization renamed");
        await queryClient.invalidateQueries(trpc.session.me.pathFilter());
        router.refresh();
      },
    }),
  );
  const trimmed = name.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (trimmed && trimmed !== organization.name) rename.mutate({ name: trimmed });
  };
  const problem = fieldErrors(rename.error).name;
  return (
    <Card className="p-5">
      <form onSubmit={submit} className="grid max-w-md gap-4">
        <TextField
          label="Name"
          error={trimmed ? problem : "Give the organization a name."}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          disabled={!canRename}
        />
        <FormField label="Organization id" hint="The API and the logs know the organization by this.">
          {(control) => (
            <div className="flex gap-1.5">
              <Input {...control} value={organization.id} readOnly className="font-mono text-xs" />
              <CopyButton value={organization.id} label="Copy organization id" variant="secondary" size="icon" />
            </div>
          )}
        </FormField>
        {rename.isError && !problem ? <FieldError>{errorMessage(rename.error)}</FieldError> : null}
        {canRename ? (
          <div>
            <Button type="submit" variant="primary" pending={rename.isPending} disabled={!trimmed || trimmed === organization.name}>
              Save
            </Button>
          </div>
        ) : (
          <p className="text-muted-foreground text-xs">
            Your role is {roleLabel(organization.role)}. Owners and admins can rename the organization.
          </p>
        )}
      </form>
    </Card>
  );
}

const THEME_OPTIONS = THEMES.map(({ value, label, icon: Icon }) => ({
  value,
  label: (
    <>
      <Icon aria-hidden="true" className="size-3.5" />
      {label}
    </>
  ),
}));

function ThemeChoice() {
  const { theme, setTheme } = useTheme();
  return (
    <Card className="p-5">
      <Segmented label="Theme" value={theme} options={THEME_OPTIONS} onChange={setTheme} />
    </Card>
  );
}
