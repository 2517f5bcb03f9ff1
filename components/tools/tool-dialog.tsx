"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
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
import type { ToolAuth } from "@/flow/tools/schema";
import { AUTH_LABELS } from "./auth-labels";

interface EditedTool {
  id: string;
  name: string;
  description: string | null;
  baseUrl: string;
  auth: ToolAuth;
  allowedHosts: string[];
}

const TYPES = Object.keys(AUTH_LABELS) as ToolAuth["type"][];

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
    <Dialog open={open} onOpenChange={(next) => next || onClose()}>
      <DialogContent className="max-w-lg">{open ? <ToolForm tool={tool} onClose={onClose} /> : null}</DialogContent>
    </Dialog>
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
    const text = (name: string): string => String(form.get(name) ?? "").trim();
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
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? "").trim();
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
  return (
    <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4" noValidate>
      <DialogHeader>
        <DialogTitle>{tool ? "Tool settings" : "Add tool"}</DialogTitle>
        <DialogDescription>An API that flows call. Its secrets are kept apart, in credentials.</DialogDescription>
      </DialogHeader>
      <FormField label="Name" error={problems.name}>
        {(control) => (
          <Input
            {...control}
            name="name"
            defaultValue={tool?.name}
            placeholder="Order service"
            maxLength={200}
            autoComplete="off"
            autoFocus
          />
        )}
      </FormField>
      <FormField label="Base URL" error={problems.baseUrl} hint="What the paths of its actions are appended to.">
        {(control) => (
          <Input
            {...control}
            name="baseUrl"
            defaultValue={tool?.baseUrl}
            placeholder="https://api.example.com/v1"
            className="font-mono"
            autoComplete="off"
          />
        )}
      </FormField>
      <FormField label="Description" error={problems.description}>
        {(control) => <Textarea {...control} name="description" defaultValue={tool?.description ?? ""} maxLength={4000} />}
      </FormField>
      <FormField label="Authentication" hint="How calls prove who they are.">
        {({ id }) => (
          <Select value={type} onValueChange={(value) => setType(value as ToolAuth["type"])}>
            <SelectTrigger id={id}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {TYPES.map((each) => (
                <SelectItem key={each} value={each}>
                  {AUTH_LABELS[each]}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        )}
      </FormField>
      {type === "apiKey" ? (
        <div className="grid gap-3 sm:grid-cols-3">
          <FormField label="Sent in">
            {({ id }) => (
              <Select value={place} onValueChange={(value) => setPlace(value === "query" ? "query" : "header")}>
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
          <FormField label="Named">
            {(control) => (
              <Input {...control} name="keyName" defaultValue={auth?.type === "apiKey" ? auth.name : "X-API-Key"} className="font-mono" />
            )}
          </FormField>
          <FormField label="Text before it">
            {(control) => (
              <Input
                {...control}
                name="prefix"
                defaultValue={auth?.type === "apiKey" ? auth.prefix : ""}
                placeholder="Token "
                className="font-mono"
              />
            )}
          </FormField>
        </div>
      ) : null}
      {type === "custom" ? (
        <FormField label="Headers" hint="One each line. {{secrets.name}} stands for a field of the credential.">
          {(control) => (
            <Textarea
              {...control}
              name="headers"
              defaultValue={auth ? headerLines(auth) : ""}
              placeholder="X-Key: {{secrets.key}}"
              className="font-mono"
            />
          )}
        </FormField>
      ) : null}
      {type === "oauth2" ? (
        <>
          <FormField label="Authorization URL" error={problems["auth.authorizationUrl"]}>
            {(control) => (
              <Input
                {...control}
                name="authorizationUrl"
                defaultValue={auth?.type === "oauth2" ? auth.authorizationUrl : ""}
                className="font-mono"
              />
            )}
          </FormField>
          <FormField label="Token URL" error={problems["auth.tokenUrl"]}>
            {(control) => (
              <Input {...control} name="tokenUrl" defaultValue={auth?.type === "oauth2" ? auth.tokenUrl : ""} className="font-mono" />
            )}
          </FormField>
          <FormField label="Scopes" hint="With spaces between them.">
            {(control) => (
              <Input
                {...control}
                name="scopes"
                defaultValue={auth?.type === "oauth2" ? auth.scopes?.join(" ") : ""}
                className="font-mono"
              />
            )}
          </FormField>
        </>
      ) : null}
      <FormField
        label="Other allowed hosts"
        error={problems.allowedHosts}
        hint="Hosts beside the base URL's that actions may call, with commas between them."
      >
        {(control) => (
          <Input
            {...control}
            name="allowedHosts"
            defaultValue={tool?.allowedHosts.join(", ")}
            placeholder="uploads.example.com"
            className="font-mono"
          />
        )}
      </FormField>
      {isError && !known ? <FieldError>{errorMessage(error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={create.isPending || update.isPending}>
          {tool ? "Save" : "Add tool"}
        </Button>
      </DialogFooter>
    </form>
  );
}
