"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Button } from "@/components/ui/button";
import { DialogFooter } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { TextAreaField, TextField } from "@/components/ui/text-field";
import { toast } from "@/components/ui/toast";
import type { Json } from "@/flow/item";
import type { StoredValue } from "./stored-values";

/** One value: a new one, or `stored`, whose key stays. `owner` is the node that keeps it for itself. */
export function StoredValueForm({
  flowId,
  stored,
  owner,
  onDone,
}: {
  flowId: string | null;
  stored: StoredValue | null;
  owner: string | null;
  onDone: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayEdit = useCan("editor");
  const [wrong, setWrong] = useState<string | null>(null);
  const place = { flowId, nodeId: stored?.nodeId || null };
  const done = async (message: string) => {
    await queryClient.invalidateQueries(trpc.storage.list.pathFilter());
    toast.success(message);
    onDone();
  };
  const set = useMutation(trpc.storage.set.mutationOptions({ onSuccess: ({ key }) => done(`Set ${key}`) }));
  const remove = useMutation(
    trpc.storage.delete.mutationOptions({
      onSuccess: async ({ key }) => {
        await queryClient.invalidateQueries(trpc.storage.list.pathFilter());
        // Deleting asks nothing, so it can be undone.
        toast.success(`Deleted ${key}`, {
          action: stored ? { label: "Undo", onClick: () => set.mutate({ ...place, key, value: stored.value }) } : undefined,
        });
        onDone();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = readJson(String(form.get("value") ?? ""));
    setWrong(value.error);
    if (value.error === null) set.mutate({ ...place, key: stored?.key ?? String(form.get("key") ?? ""), value: value.json });
  };
  const problems = fieldErrors(set.error);
  const failed = set.error ?? remove.error;
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      <TextField
        label="Key"
        error={problems.key ?? null}
        hint={owner ? `Kept by ${owner} for itself.` : undefined}
        name="key"
        defaultValue={stored?.key}
        readOnly={stored !== null}
        maxLength={512}
        autoFocus={stored === null}
        required
        placeholder="lastOrderId"
      />
      <TextAreaField
        label="Value"
        hint="As JSON; a text stands in quotation marks."
        error={wrong ?? problems.value ?? null}
        name="value"
        defaultValue={stored ? JSON.stringify(stored.value, null, 2) : ""}
        readOnly={!mayEdit}
        spellCheck={false}
        rows={4}
        className="max-h-[36vh] overflow-y-auto font-mono text-xs"
      />
      {failed && !problems.key && !problems.value ? <FieldError>{errorMessage(failed)}</FieldError> : null}
      <DialogFooter>
        {stored && mayEdit ? (
          <Button
            className="sm:mr-auto"
            variant="ghost"
            pending={remove.isPending}
            onClick={() => remove.mutate({ ...place, key: stored.key })}
          >
            Delete
          </Button>
        ) : null}
        <Button onClick={onDone}>Back</Button>
        {mayEdit ? (
          <Button type="submit" variant="primary" pending={set.isPending}>
            Save
          </Button>
        ) : null}
      </DialogFooter>
    </form>
  );
}

function readJson(text: string): { json: Json; error: null } | { error: string } {
  try {
    return { json: JSON.parse(text) as Json, error: null };
  } catch {
    return { error: 'That is no JSON. Write a text as "text", a number as 12, nothing as null.' };
  }
}
