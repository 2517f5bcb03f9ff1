"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { DialogFooter } from "@/components/ui/dialog";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { accountFieldsOf } from "@/flow/credentials/account-fields";
import { CREDENTIAL_FIELDS } from "@/flow/credentials/fields";
import type { CredentialKind } from "@/flow/credentials/kinds";
import { DEFAULT_PLACEMENT, type Placement } from "@/flow/credentials/settings";
import type { CredentialType } from "@/flow/credentials/types";
import { CustomFields, type CustomRow, KnownFields } from "./field-inputs";
import { type Credential, hostsOf } from "./types";

const FIRST_ROW: CustomRow = { key: 0, name: "", value: "", header: "" };

export function CredentialForm({
  type,
  toolKey,
  kind,
  name: suggested,
  onCreated,
  onCancel,
}: {
  type: Exclude<CredentialType, "oauth2">;
  toolKey: string | undefined;
  /** Kind of server that it is for, which says the fields of a custom one. */
  kind: CredentialKind | undefined;
  name: string | undefined;
  onCreated: (credential: Credential) => void;
  onCancel: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(suggested ?? "");
  const [values, setValues] = useState<Record<string, string>>({});
  const [rows, setRows] = useState<CustomRow[]>([FIRST_ROW]);
  const [placement, setPlacement] = useState<Placement>(DEFAULT_PLACEMENT);
  const [hosts, setHosts] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const create = useMutation(
    trpc.credentials.create.mutationOptions({
      onSuccess: (credential) => {
        void queryClient.invalidateQueries(trpc.credentials.pathFilter());
        onCreated(credential);
      },
    }),
  );
  const errors = fieldErrors(create.error);
  const hostError = Object.entries(errors).find(([field]) => field.startsWith("allowedHosts"))?.[1] ?? null;
  const isShown = (field: string) => field === "name" || field.startsWith("fields.") || field.startsWith("allowedHosts");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // The form is inside of another one's tree: a node's, for instance.
    event.stopPropagation();
    if (name.trim() === "") return setProblem("Name it, so that people know which one to choose.");
    setProblem(null);
    const given =
      type === "custom" && !kind ? Object.fromEntries(rows.filter((row) => row.name !== "").map((row) => [row.name, row.value])) : values;
    const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
    const placements =
      type === "api_key"
        ? [placement]
        : type === "custom" && !kind
          ? rows
              .filter((row) => row.name !== "" && row.header !== "")
              .map((row): Placement => ({ in: "header", name: row.header, field: row.name, prefix: "" }))
          : undefined;
    create.mutate({
      name,
      type,
      fields,
      allowedHosts: hostsOf(hosts),
      ...(toolKey && { toolKey }),
      settings: { ...(placements && { placements }), ...(kind && { kind: kind.key }) },
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <FormField label="Name" error={problem ?? errors.name ?? null}>
        {(control) => (
          <Input
            {...control}
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder="Shop, production"
            maxLength={200}
            autoComplete="off"
            autoFocus
          />
        )}
      </FormField>
      {type === "custom" && !kind ? (
        <CustomFields rows={rows} errors={errors} onChange={setRows} />
      ) : (
        <KnownFields
          fields={kind?.fields ?? [...accountFieldsOf(toolKey), ...CREDENTIAL_FIELDS[type]]}
          values={values}
          errors={errors}
          onChange={setValues}
        />
      )}
      {type === "api_key" ? (
        <div className="grid grid-cols-[8rem_1fr_1fr] gap-3">
          <FormField label="Sent in">
            {({ id }) => (
              <Select value={placement.in} onValueChange={(value) => setPlacement({ ...placement, in: value as Placement["in"] })}>
                <SelectTrigger id={id}>
                  <SelectValue />
                </SelectTrigger>
                <SelectContent>
                  <SelectItem value="header">Header</SelectItem>
                  <SelectItem value="query">Query</SelectItem>
                </SelectContent>
              </Select>
            )}
          </FormField>
          <FormField label={placement.in === "header" ? "Header" : "Parameter"}>
            {(control) => (
              <Input
                {...control}
                value={placement.name}
                autoComplete="off"
                onChange={(event) => setPlacement({ ...placement, name: event.target.value })}
              />
            )}
          </FormField>
          <FormField label="Before it (optional)">
            {(control) => (
              <Input
                {...control}
                value={placement.prefix}
                placeholder="Token "
                autoComplete="off"
                onChange={(event) => setPlacement({ ...placement, prefix: event.target.value })}
              />
            )}
          </FormField>
        </div>
      ) : null}
      <FormField
        label={toolKey ? "Further hosts (optional)" : "Hosts"}
        hint={
          toolKey
            ? "It goes to the tool's own host. Others one a line."
            : "Where it may be sent, one a line: api.example.com or *.example.com. Without any, no HTTP request can use it."
        }
        error={hostError}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={hosts}
            onChange={(event) => setHosts(event.target.value)}
            placeholder="api.example.com"
            className="font-mono text-xs"
          />
        )}
      </FormField>
      {create.isError && !Object.keys(errors).some(isShown) ? <FieldError>{errorMessage(create.error)}</FieldError> : null}
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" pending={create.isPending}>
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}
