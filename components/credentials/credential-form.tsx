"use client";
import { ChevronRight } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { Button } from "@/components/ui/button";
import { DialogFooter } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { TextAreaField, TextField } from "@/components/ui/text-field";
import { DEFAULT_PLACEMENT, type Placement } from "@/flow/credentials/settings";
import { CustomFields, type CustomRow, KnownFields } from "./field-inputs";
import { PlacementFields } from "./placement-fields";
import { TestOutcome } from "./test-outcome";
import { type Credential, hostsOf } from "./types";
import { useSaveCredential } from "./use-save-credential";
import type { Way } from "./ways";

const FIRST_ROW: CustomRow = { key: 0, name: "", value: "", header: "" };

/** The values of a new credential. It is tried once it is saved; one that does not work can be mended in place. */
export function CredentialForm({
  way: { type, fields: known },
  toolKey,
  kind,
  name: suggested,
  onCreated,
  onClose,
}: {
  way: Way;
  toolKey: string | undefined;
  kind: string | undefined;
  name: string;
  onCreated: (credential: Credential) => void;
  onClose: () => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(suggested);
  const [values, setValues] = useState<Record<string, string>>({});
  const [rows, setRows] = useState<CustomRow[]>([FIRST_ROW]);
  const [placement, setPlacement] = useState<Placement>(DEFAULT_PLACEMENT);
  const [hosts, setHosts] = useState("");
  const [testUrl, setTestUrl] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { save, saved, outcome, pending, error } = useSaveCredential({ onCreated, onWorks: onClose });
  useEffect(() => {
    const inputs = [...(form.current?.querySelectorAll<HTMLElement & { value: string }>("input, textarea") ?? [])];
    inputs.find(({ value }) => value === "")?.focus();
  }, []);

  const isGeneral = !toolKey && !kind;
  const shown = known ? known.map((field) => field.name) : rows.map((row) => row.name);
  const errors = fieldErrors(error);
  const problemOf = (start: string) => Object.entries(errors).find(([field]) => field.startsWith(start))?.[1] ?? null;
  const isShown = (field: string) =>
    field === "name" ||
    shown.some((each) => field === `fields.${each}`) ||
    field.startsWith("settings.test") ||
    (!kind && field.startsWith("allowedHosts"));

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // The form is inside of another one's tree: a node's, for instance.
    event.stopPropagation();
    if (name.trim() === "") return setProblem("Name it, so that people know which one to choose.");
    setProblem(null);
    const named = rows.filter((row) => row.name !== "");
    const given = known ? values : Object.fromEntries(named.map((row) => [row.name, row.value]));
    const placements = known
      ? type === "api_key" && isGeneral
        ? [placement]
        : undefined
      : named
          .filter(({ header }) => header !== "")
          .map((row): Placement => ({ in: "header", name: row.header, field: row.name, prefix: "" }));
    save({
      name,
      type,
      fields: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")),
      allowedHosts: hostsOf(hosts),
      ...(toolKey && { toolKey }),
      settings: {
        ...(placements && { placements }),
        ...(kind && { kind }),
        ...(testUrl.trim() && { test: { url: testUrl.trim() } }),
      },
    });
  };
  return (
    <form ref={form} onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <TextField
        label="Name"
        error={problem ?? errors.name ?? null}
        value={name}
        onChange={(event) => setName(event.target.value)}
        placeholder="Shop, production"
        maxLength={200}
      />
      {known ? (
        <KnownFields fields={known} values={values} errors={errors} onChange={setValues} />
      ) : (
        <CustomFields rows={rows} errors={errors} onChange={setRows} />
      )}
      {type === "api_key" && isGeneral ? <PlacementFields placement={placement} onChange={setPlacement} /> : null}
      {isGeneral ? (
        <HostsField
          label="Hosts"
          hint="Where it may be sent, one a line: api.example.com or *.example.com. Without any, no HTTP request can use it."
          value={hosts}
          error={problemOf("allowedHosts")}
          onChange={setHosts}
        />
      ) : null}
      {kind ? null : (
        <details
          className="group"
          open={problemOf("settings.test") !== null || (!isGeneral && problemOf("allowedHosts") !== null) || undefined}
        >
          <summary className="flex w-fit cursor-pointer list-none items-center gap-1 rounded-sm font-medium text-muted-foreground text-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden="true" className="size-3.5 transition-transform group-open:rotate-90" />
            More
          </summary>
          <div className="mt-3 grid gap-4">
            {isGeneral ? null : (
              <HostsField
                label="Further hosts (optional)"
                hint="It goes to the service's own host. Others one a line."
                value={hosts}
                error={problemOf("allowedHosts")}
                onChange={setHosts}
              />
            )}
            <TextField
              label="Test request (optional)"
              hint="A URL that answers below 400 when the credential works."
              error={problemOf("settings.test")}
              value={testUrl}
              placeholder="https://api.example.com/me"
              onChange={(event) => setTestUrl(event.target.value)}
            />
          </div>
        </details>
      )}
      {error && !Object.keys(errors).some(isShown) ? <FieldError>{errorMessage(error)}</FieldError> : null}
      {outcome && !pending ? <TestOutcome outcome={outcome}>It is saved. Change its values and save again, or keep it.</TestOutcome> : null}
      <DialogFooter>
        <Button onClick={onClose}>{saved ? "Keep" : "Cancel"}</Button>
        <Button type="submit" variant="primary" pending={pending !== null}>
          {pending === "test" ? "Testing" : saved ? "Save again" : "Save"}
        </Button>
      </DialogFooter>
    </form>
  );
}

function HostsField({
  label,
  hint,
  value,
  error,
  onChange,
}: {
  label: string;
  hint: string;
  value: string;
  error: string | null;
  onChange: (text: string) => void;
}) {
  return (
    <TextAreaField
      label={label}
      hint={hint}
      error={error}
      rows={2}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      placeholder="api.example.com"
      className="font-mono text-xs"
    />
  );
}
