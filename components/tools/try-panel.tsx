"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Play, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { NewCredentialDialog } from "@/components/credentials/new-credential-dialog";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError } from "@/components/ui/form-field";
import { Skeleton } from "@/components/ui/skeleton";
import type { Json } from "@/flow/item";
import type { ActionParameter } from "@/flow/tools/input-schema";
import { defaultTexts, errorOf, InputFields, type InputTexts } from "./input-fields";

interface TriedAction {
  id: string;
  /** The tool whose credentials fit: one of the organization's, or the catalog's by its key. */
  tool: { toolId: string } | { toolKey: string };
  toolKey: string;
  inputSchema: ActionParameter[];
  sample?: Json | null;
}

/** Calls an action once, with what the form says, and shows the answer. */
export function TryPanel({ action, needsCredential }: { action: TriedAction; needsCredential: boolean }) {
  const trpc = useTRPC();
  const [texts, setTexts] = useState<InputTexts>(() => defaultTexts(action.inputSchema));
  const [chosen, setChosen] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const credentials = useQuery(trpc.credentials.list.queryOptions(action.tool, { enabled: needsCredential }));
  const usable = credentials.data?.credentials ?? [];
  const credentialId = chosen ?? usable[0]?.id ?? null;
  const run = useMutation(trpc.actions.execute.mutationOptions());
  const errors = fieldErrors(run.error);
  const marked = action.inputSchema.some(({ name }) => errorOf(name, errors) !== null);
  const form = useRef<HTMLFormElement>(null);
  // A long form's wrong field may be far above the button.
  useEffect(() => {
    if (run.isError) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [run.isError]);
  return (
    <>
      <form
        ref={form}
        noValidate
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const inputs = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
          run.mutate({ id: action.id, inputs, fromForm: true, ...(needsCredential && credentialId && { credentialId }) });
        }}
      >
        {needsCredential ? (
          usable.length > 0 ? (
            <ChoiceField
              label="Credential"
              aside={
                <Button size="sm" variant="ghost" onClick={() => setMaking(true)}>
                  <Plus aria-hidden="true" />
                  New
                </Button>
              }
              value={credentialId ?? ""}
              options={usable.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={setChosen}
            />
          ) : credentials.isError ? (
            <FieldError>{`The credentials could not be loaded. ${errorMessage(credentials.error)}`}</FieldError>
          ) : credentials.isPending ? (
            <Skeleton className="h-13 rounded-lg" />
          ) : (
            <div className="flex flex-wrap items-center justify-between gap-2 rounded-lg border border-warning/40 bg-warning-soft p-3 text-sm">
              This tool needs a credential.
              <Button size="sm" onClick={() => setMaking(true)}>
                <Plus aria-hidden="true" />
                New credential
              </Button>
            </div>
          )
        ) : null}
        <InputFields
          parameters={action.inputSchema}
          texts={texts}
          errors={errors}
          onChange={(name, text) => setTexts((before) => ({ ...before, [name]: text }))}
        />
        <div>
          <Button type="submit" variant="primary" pending={run.isPending}>
            <Play aria-hidden="true" />
            Send
          </Button>
        </div>
        {run.isError ? <FieldError>{marked ? "Correct the marked fields, then send again." : errorMessage(run.error)}</FieldError> : null}
        {run.data ? (
          <Answer answer={run.data} />
        ) : action.sample != null ? (
          <Block title="Example of an answer" value={action.sample} />
        ) : null}
      </form>
      {making ? (
        <NewCredentialDialog open onOpenChange={setMaking} toolKey={action.toolKey} onCreated={(credential) => setChosen(credential.id)} />
      ) : null}
    </>
  );
}

interface ShownAnswer {
  success: boolean;
  status: number | null;
  statusText: string;
  headers: Record<string, string>;
  data: Json;
  duration: number;
  request: { method: string; url: string };
  error: { message: string } | null;
}

function Answer({ answer }: { answer: ShownAnswer }) {
  const headers = Object.entries(answer.headers);
  return (
    <section aria-label="Answer" className="grid grid-cols-[minmax(0,1fr)] gap-3" data-testid="answer">
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <Badge tone={answer.success ? "success" : "danger"}>
          {answer.status === null ? "No answer" : `${answer.status} ${answer.statusText}`.trim()}
        </Badge>
        <span className="text-muted-foreground text-xs tabular-nums">{answer.duration} ms</span>
        <span className="min-w-0 truncate font-mono text-muted-foreground text-xs" title={answer.request.url}>
          {answer.request.method} {answer.request.url}
        </span>
      </div>
      {answer.error ? <FieldError>{answer.error.message}</FieldError> : null}
      {answer.status === null ? null : <Block title="Body" value={answer.data} />}
      {headers.length > 0 ? (
        <details className="text-sm">
          <summary className="cursor-pointer rounded-sm font-medium outline-none focus-visible:ring-2 focus-visible:ring-ring">
            Headers ({headers.length})
          </summary>
          <dl className="mt-2 grid gap-1 font-mono text-xs">
            {headers.map(([name, value]) => (
              <div key={name} className="flex gap-2">
                <dt className="shrink-0 text-muted-foreground">{name}</dt>
                <dd className="min-w-0 break-all">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  );
}

const MAX_SHOWN = 100_000;

function Block({ title, value }: { title: string; value: Json }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-medium text-sm">{title}</h3>
        <CopyButton value={text} label={`Copy ${title.toLowerCase()}`} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-lg border border-border bg-subtle/50 p-3 font-mono text-xs outline-none focus-visible:ring-2 focus-visible:ring-ring"
      >
        {text.slice(0, MAX_SHOWN)}
        {text.length > MAX_SHOWN ? "\n…" : ""}
      </pre>
    </div>
  );
}
