"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { ChoiceField } from "@/components/ui/choice";
import { TextAreaField, TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import type { ToolAuth } from "@/flow/tools/schema";
import { AUTH_LABELS } from "./auth-labels";
import { DialogForm, FormDialog, textIn } from "./dialog-form";

interface EditedTool {
  id: string;
  name: string;
  description: string | null;
  baseUrl: string;
  auth: ToolAuth;
  allowedHosts: string[];
}

const TYPES = (Object.keys(AUTH_LABELS) as ToolAuth["type"][]).map((value) => ({ value, label: AUTH_LABELS[value] }));
const PLACES = [
  { value: "header", label: "Header" },
  { value: "query", label: "Query" },
] as const;

/** `X-Key: {{secrets.key}}`, a header each line. */
const headerLines = (auth: ToolAuth): string =>
  auth.type === "custom"
    ? Object.entries(auth.headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n")
    : "";

/** Registers a tool, or changes one. */
export function ToolDialog({ open, tool, onClose }: { open: boolean; tool: EditedTool | null; onClose: () => void }) {
  return (
    <FormDialog open={open} className="max-w-lg" onClose={onClose}>
      <ToolForm tool={tool} onClose={onClose} />
    </FormDialog>
  );
}

function ToolForm({ tool, onClose }: { tool: EditedTool | null; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [type, setType] = useState<ToolAuth["type"]>(tool?.auth.type ?? "none");
  const [place, setPlace] = useState<"header" | "query">(tool?.auth.type === "apiKey" ? tool.auth.in : "header");
  const saved = (name: string) => {
    void queryClient.invalidateQueries(trpc.tools.pathFilter());
    toast.success(`Saved “${name}”`);
    onClose();
  };
  const create = useMutation(
    trpc.tools.create.mutationOptions({
      onSuccess: ({ id, name }) => {
        saved(name);
        router.push(`/tools/${id}`);
      },
    }),
  );
  const update = useMutation(trpc.tools.update.mutationOptions({ onSuccess: ({ name }) => saved(name) }));
  const { error, isError } = tool ? update : create;
  const problems = fieldErrors(error);
  const known = ["name", "description", "baseUrl", "allowedHosts"].some((field) => problems[field]);

  const authOf = (form: FormData): ToolAuth => {
    const text = (name: string): string => textIn(form, name);
    if (type === "apiKey") {
      const prefix = String(form.get("prefix") ?? "");
      return { type, in: place, name: text("keyName") || "X-API-Key", ...(prefix && { prefix }) };
    }
    if (type === "custom") {
      const lines = text("headers")
        .split("\n")
        .map((line) => /^([^:]+):\s*(.*)$/.exec(line.trim()));
      return { type, headers: Object.fromEntries(lines.flatMap((match) => (match ? [[match[1]?.trim() ?? "", match[2] ?? ""]] : []))) };
    }
    if (type === "oauth2") {
      const [authorizationUrl, tokenUrl] = [text("authorizationUrl"), text("tokenUrl")];
      const scopes = text("scopes")
        .split(/[\s,]+/)
        .filter(Boolean);
      const provider = tool?.auth.type === "oauth2" ? tool.auth.provider : undefined;
      return {
        type,
        ...(provider && { provider }),
        ...(authorizationUrl && { authorizationUrl }),
        ...(tokenUrl && { tokenUrl }),
        ...(scopes.length > 0 && { scopes }),
      };
    }
    return { type };
  };
  const submit = (form: FormData) => {
    const text = (name: string): string => textIn(form, name);
    const values = {
      name: text("name"),
      description: text("description"),
      baseUrl: text("baseUrl"),
      auth: authOf(form),
      allowedHosts: text("allowedHosts")
        .split(/[\s,]+/)
        .filter(Boolean),
    };
    if (tool) update.mutate({ id: tool.id, ...values });
    else create.mutate(values);
  };
  const auth = tool?.auth;
  const apiKey = auth?.type === "apiKey" ? auth : null;
  const oauth = auth?.type === "oauth2" ? auth : null;
  return (
    <DialogForm
      title={tool ? "Tool settings" : "Add tool"}
      description="An API that flows call. Its secrets are kept apart, in credentials."
      action={tool ? "Save" : "Add tool"}
      pending={create.isPending || update.isPending}
      error={isError && !known ? error : null}
      onSubmit={submit}
    >
      <TextField
        label="Name"
        name="name"
        error={problems.name}
        defaultValue={tool?.name}
        placeholder="Order service"
        maxLength={200}
        autoFocus
      />
      <TextField
        label="Base URL"
        name="baseUrl"
        error={problems.baseUrl}
        hint="What the paths of its actions are appended to."
        defaultValue={tool?.baseUrl}
        placeholder="https://api.example.com/v1"
        className="font-mono"
      />
      <TextAreaField
        label="Description"
        name="description"
        error={problems.description}
        defaultValue={tool?.description ?? ""}
        maxLength={4000}
      />
      <ChoiceField label="Authentication" hint="How calls prove who they are." value={type} options={TYPES} onChange={setType} />
      {type === "apiKey" ? (
        <div className="grid gap-3 sm:grid-cols-3">
          <ChoiceField label="Sent in" value={place} options={PLACES} onChange={setPlace} />
          <TextField label="Named" name="keyName" defaultValue={apiKey?.name ?? "X-API-Key"} className="font-mono" />
          <TextField label="Text before it" name="prefix" defaultValue={apiKey?.prefix ?? ""} placeholder="Token " className="font-mono" />
        </div>
      ) : null}
      {type === "custom" ? (
        <TextAreaField
          label="Headers"
          name="headers"
          hint="One each line. {{secrets.name}} stands for a field of the credential."
          defaultValue={auth ? headerLines(auth) : ""}
          placeholder="X-Key: {{secrets.key}}"
          className="font-mono"
        />
      ) : null}
      {type === "oauth2" ? (
        <>
          <TextField
            label="Authorization URL"
            name="authorizationUrl"
            error={problems["auth.authorizationUrl"]}
            defaultValue={oauth?.authorizationUrl ?? ""}
            className="font-mono"
          />
          <TextField
            label="Token URL"
            name="tokenUrl"
            error={problems["auth.tokenUrl"]}
            defaultValue={oauth?.tokenUrl ?? ""}
            className="font-mono"
          />
          <TextField
            label="Scopes"
            name="scopes"
            hint="With spaces between them."
            defaultValue={oauth?.scopes?.join(" ") ?? ""}
            className="font-mono"
          />
        </>
      ) : null}
      <TextField
        label="Other allowed hosts"
        name="allowedHosts"
        error={problems.allowedHosts}
        hint="Hosts beside the base URL's that actions may call, with commas between them."
        defaultValue={tool?.allowedHosts.join(", ")}
        placeholder="uploads.example.com"
        className="font-mono"
      />
    </DialogForm>
  );
}
