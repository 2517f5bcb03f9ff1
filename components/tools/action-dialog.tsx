"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError, FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { Json } from "@/flow/item";
import type { ActionParameter } from "@/flow/tools/input-schema";
import { BODY_TYPES, METHODS, type Method } from "@/flow/tools/schema";

type BodyType = (typeof BODY_TYPES)[number];

interface EditedAction {
  id: string;
  name: string;
  description: string | null;
  group: string | null;
  method: string;
  endpoint: string;
  headers: Record<string, string>;
  query: Record<string, Json>;
  bodyType?: BodyType | null;
  body?: Json | null;
  inputSchema: ActionParameter[];
}

const BODY_LABELS: Record<BodyType | "auto", string> = {
  auto: "The inputs that nothing else names",
  none: "None",
  json: "JSON",
  form: "Form",
  multipart: "Form with files",
  related: "JSON followed by a file",
  text: "Text",
  binary: "File",
};

const EXAMPLE = `[
  { "name": "title", "type": "string", "required": true, "label": "Title" }
]`;

/** Adds an action to a tool, or changes one. */
export function ActionDialog({
  open,
  toolId,
  action,
  onSaved,
  onClose,
}: {
  open: boolean;
  toolId: string;
  action: EditedAction | null;
  onSaved?: (id: string) => void;
  onClose: () => void;
}) {
  return (
    <Dialog open={open} onOpenChange={(next) => next || onClose()}>
      <DialogContent className="max-w-2xl">
        {open ? <ActionForm toolId={toolId} action={action} onSaved={onSaved} onClose={onClose} /> : null}
      </DialogContent>
    </Dialog>
  );
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/** Field of the form whose text is no JSON, with the parser's reason. */
class NotJson extends Error {
  constructor(
    readonly field: string,
    reason: string,
  ) {
    super(`This is not JSON: ${reason}`);
  }
}

function readJson(form: FormData, field: string, empty: unknown): unknown {
  const text = String(form.get(field) ?? "").trim();
  if (text === "") return empty;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotJson(field, error instanceof Error ? error.message : "");
  }
}

function ActionForm({
  toolId,
  action,
  onSaved,
  onClose,
}: {
  toolId: string;
  action: EditedAction | null;
  onSaved: ((id: string) => void) | undefined;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [method, setMethod] = useState<Method>((action?.method as Method | undefined) ?? "GET");
  const [bodyType, setBodyType] = useState<BodyType | "auto">(action?.bodyType ?? "auto");
  const [unread, setUnread] = useState<NotJson | null>(null);
  const onSuccess = (saved: { id: string; name: string }) => {
    void queryClient.invalidateQueries(trpc.actions.pathFilter());
    void queryClient.invalidateQueries(trpc.tools.pathFilter());
    toast.success(`Saved “${saved.name}”`);
    onSaved?.(saved.id);
    onClose();
  };
  const create = useMutation(trpc.actions.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.actions.update.mutationOptions({ onSuccess }));
  const { error, isError } = action ? update : create;
  const problems: Partial<Record<string, string>> = unread ? { [unread.field]: unread.message } : fieldErrors(error);
  /** Also of what is inside of a field: `headers.X-Key`. */
  const problem = (field: string): string | null => {
    const found = Object.entries(problems).find(([path]) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
    return found ? (found[0] === field ? (found[1] ?? null) : `${found[0]}: ${found[1]}`) : null;
  };
  const known = ["name", "endpoint", "headers", "query", "body", "inputSchema", "group", "description"].some((field) => problem(field));
  const isText = bodyType === "text" || bodyType === "binary";

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? "").trim();
    setUnread(null);
    try {
      const hasBody = bodyType !== "auto" && bodyType !== "none";
      const values = {
        name: text("name"),
        method,
        endpoint: text("endpoint"),
        headers: readJson(form, "headers", {}) as Record<string, string>,
        query: readJson(form, "query", {}) as Record<string, Json>,
        inputSchema: readJson(form, "inputSchema", []) as ActionParameter[],
      };
      const body = hasBody ? ((isText ? text("body") : readJson(form, "body", {})) as Json) : undefined;
      const type = bodyType === "auto" ? undefined : bodyType;
      const about = { description: text("description"), group: text("group") };
      if (action) {
        update.mutate({
          id: action.id,
          ...values,
          description: about.description || null,
          group: about.group || null,
          bodyType: type ?? null,
          body: body ?? null,
        });
      } else {
        create.mutate({
          toolId,
          ...values,
          ...(about.description && { description: about.description }),
          ...(about.group && { group: about.group }),
          ...(type && { bodyType: type }),
          ...(body !== undefined && { body }),
        });
      }
    } catch (thrown) {
      if (!(thrown instanceof NotJson)) throw thrown;
      setUnread(thrown);
    }
  };

  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <DialogHeader>
        <DialogTitle>{action ? "Edit action" : "Add action"}</DialogTitle>
        <DialogDescription>
          A request with inputs. Write <code className="font-mono text-xs">{"{{inputs.name}}"}</code> where an input goes, and{" "}
          <code className="font-mono text-xs">{"{{secrets.name}}"}</code> for a field of the credential.
        </DialogDescription>
      </DialogHeader>
      <FormField label="Name" error={problem("name")}>
        {(control) => (
          <Input
            {...control}
            name="name"
            defaultValue={action?.name}
            placeholder="Create ticket"
            maxLength={300}
            autoComplete="off"
            autoFocus
          />
        )}
      </FormField>
      <div className="grid gap-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
        <FormField label="Method">
          {({ id }) => (
            <Select value={method} onValueChange={(value) => setMethod(value as Method)}>
              <SelectTrigger id={id}>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {METHODS.map((each) => (
                  <SelectItem key={each} value={each}>
                    {each}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
          )}
        </FormField>
        <FormField label="Path" error={problem("endpoint")}>
          {(control) => (
            <Input
              {...control}
              name="endpoint"
              defaultValue={action?.endpoint}
              placeholder="/tickets/{id}"
              className="font-mono"
              autoComplete="off"
            />
          )}
        </FormField>
      </div>
      <FormField
        label="Inputs"
        error={problem("inputSchema")}
        hint="A list of { name, type, required, label, description, default, options, validation }."
      >
        {(control) => (
          <Textarea
            {...control}
            name="inputSchema"
            defaultValue={action ? pretty(action.inputSchema) : ""}
            placeholder={EXAMPLE}
            className="max-h-64 font-mono text-xs"
            spellCheck={false}
          />
        )}
      </FormField>
      <div className="grid gap-3 sm:grid-cols-2">
        <FormField label="Query" error={problem("query")}>
          {(control) => (
            <Textarea
              {...control}
              name="query"
              defaultValue={action && Object.keys(action.query).length > 0 ? pretty(action.query) : ""}
              placeholder={'{ "page": "{{inputs.page}}" }'}
              className="max-h-48 font-mono text-xs"
              spellCheck={false}
            />
          )}
        </FormField>
        <FormField label="Headers" error={problem("headers")}>
          {(control) => (
            <Textarea
              {...control}
              name="headers"
              defaultValue={action && Object.keys(action.headers).length > 0 ? pretty(action.headers) : ""}
              placeholder={'{ "X-Region": "{{inputs.region}}" }'}
              className="max-h-48 font-mono text-xs"
              spellCheck={false}
            />
          )}
        </FormField>
      </div>
      <FormField label="Body">
        {({ id }) => (
          <Select value={bodyType} onValueChange={(value) => setBodyType(value as BodyType | "auto")}>
            <SelectTrigger id={id}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {(["auto", ...BODY_TYPES] as const).map((each) => (
                <SelectItem key={each} value={each}>
                  {BODY_LABELS[each]}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        )}
      </FormField>
      {bodyType === "auto" || bodyType === "none" ? null : (
        <FormField label="Content of the body" error={problem("body")}>
          {(control) => (
            <Textarea
              {...control}
              name="body"
              defaultValue={typeof action?.body === "string" && isText ? action.body : action?.body != null ? pretty(action.body) : ""}
              placeholder={isText ? "{{inputs.body}}" : '{ "title": "{{inputs.title}}" }'}
              className="max-h-64 font-mono text-xs"
              spellCheck={false}
            />
          )}
        </FormField>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <FormField label="Group" error={problem("group")}>
          {(control) => <Input {...control} name="group" defaultValue={action?.group ?? ""} maxLength={200} autoComplete="off" />}
        </FormField>
        <FormField label="Description" error={problem("description")}>
          {(control) => <Textarea {...control} name="description" defaultValue={action?.description ?? ""} className="max-h-40" />}
        </FormField>
      </div>
      {isError && !known && !unread ? <FieldError>{errorMessage(error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={create.isPending || update.isPending}>
          {action ? "Save" : "Add action"}
        </Button>
      </DialogFooter>
    </form>
  );
}
