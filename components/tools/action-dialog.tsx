"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { ChoiceField } from "@/components/ui/choice";
import { TextAreaField, TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import type { Json } from "@/flow/item";
import type { ActionParameter } from "@/flow/tools/input-schema";
import { BODY_TYPES, METHODS, type Method } from "@/flow/tools/schema";
import { DialogForm, FormDialog, textIn } from "./dialog-form";

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

const BODY_OPTIONS = (["auto", ...BODY_TYPES] as const).map((value) => ({ value, label: BODY_LABELS[value] }));

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
    <FormDialog open={open} className="max-w-2xl" onClose={onClose}>
      <ActionForm toolId={toolId} action={action} onSaved={onSaved} onClose={onClose} />
    </FormDialog>
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
  const text = textIn(form, field);
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

  const submit = (form: FormData) => {
    const text = (name: string): string => textIn(form, name);
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

  const code = { className: "max-h-48 font-mono text-xs", spellCheck: false } as const;
  const tall = { ...code, className: "max-h-64 font-mono text-xs" } as const;
  const written = (value: Record<string, unknown> | undefined): string => (value && Object.keys(value).length > 0 ? pretty(value) : "");
  const body = typeof action?.body === "string" && isText ? action.body : action?.body != null ? pretty(action.body) : "";
  return (
    <DialogForm
      title={action ? "Edit action" : "Add action"}
      description={
        <>
          A request with inputs. Write <code className="font-mono text-xs">{"{{inputs.name}}"}</code> where an input goes, and{" "}
          <code className="font-mono text-xs">{"{{secrets.name}}"}</code> for a field of the credential.
        </>
      }
      action={action ? "Save" : "Add action"}
      pending={create.isPending || update.isPending}
      error={isError && !known && !unread ? error : null}
      onSubmit={submit}
    >
      <TextField
        label="Name"
        name="name"
        error={problem("name")}
        defaultValue={action?.name}
        placeholder="Create ticket"
        maxLength={300}
        autoFocus
      />
      <div className="grid gap-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
        <ChoiceField label="Method" value={method} options={METHODS.map((value) => ({ value, label: value }))} onChange={setMethod} />
        <TextField
          label="Path"
          name="endpoint"
          error={problem("endpoint")}
          defaultValue={action?.endpoint}
          placeholder="/tickets/{id}"
          className="font-mono"
        />
      </div>
      <TextAreaField
        {...tall}
        label="Inputs"
        name="inputSchema"
        hint="A list of { name, type, required, label, description, default, options, validation }."
        error={problem("inputSchema")}
        defaultValue={action ? pretty(action.inputSchema) : ""}
        placeholder={EXAMPLE}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextAreaField
          {...code}
          label="Query"
          name="query"
          error={problem("query")}
          defaultValue={written(action?.query)}
          placeholder={'{ "page": "{{inputs.page}}" }'}
        />
        <TextAreaField
          {...code}
          label="Headers"
          name="headers"
          error={problem("headers")}
          defaultValue={written(action?.headers)}
          placeholder={'{ "X-Region": "{{inputs.region}}" }'}
        />
      </div>
      <ChoiceField label="Body" value={bodyType} options={BODY_OPTIONS} onChange={setBodyType} />
      {bodyType === "auto" || bodyType === "none" ? null : (
        <TextAreaField
          {...tall}
          label="Content of the body"
          name="body"
          error={problem("body")}
          defaultValue={body}
          placeholder={isText ? "{{inputs.body}}" : '{ "title": "{{inputs.title}}" }'}
        />
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label="Group" name="group" error={problem("group")} defaultValue={action?.group ?? ""} maxLength={200} />
        <TextAreaField
          label="Description"
          name="description"
          error={problem("description")}
          defaultValue={action?.description ?? ""}
          className="max-h-40"
        />
      </div>
    </DialogForm>
  );
}
