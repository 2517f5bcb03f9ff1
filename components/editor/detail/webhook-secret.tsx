"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Dices } from "lucide-react";
import { useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FormField } from "@/components/ui/form-field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";

/** 32 random bytes, as text that any header can hold. */
function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Sets what callers prove themselves with. What is set is never shown again: it can only be replaced. */
export function WebhookSecret({ triggerId, readOnly }: { triggerId: string; readOnly: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [text, setText] = useState("");
  const [generated, setGenerated] = useState(false);
  const trigger = useQuery(trpc.triggers.get.queryOptions({ id: triggerId }));
  const save = useMutation(
    trpc.triggers.setSecret.mutationOptions({
      onSuccess: () => {
        toast.success("The secret is set", { description: "It counts from the next call on." });
        setText("");
        setGenerated(false);
      },
      onSettled: () => queryClient.invalidateQueries(trpc.triggers.get.pathFilter()),
    }),
  );
  const hasSecret = trigger.data?.hasSecret;
  const badge =
    hasSecret === undefined ? null : hasSecret ? (
      <Badge tone="success">Set</Badge>
    ) : (
      <Badge tone="warning">Missing: all calls refused</Badge>
    );
  if (readOnly) {
    return <p className="flex items-center gap-2 text-sm">Secret {badge}</p>;
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ id: triggerId, secret: text });
      }}
    >
      <FormField
        label="Secret"
        aside={badge}
        error={save.isError ? errorMessage(save.error) : null}
        hint={
          generated
            ? "Copy it now and give it to the sender: it is not shown again."
            : "Stored encrypted, apart from the flow. It is never shown, only replaced."
        }
      >
        {(control) => (
          <div className="flex items-center gap-1">
            <Input
              {...control}
              type={generated ? "text" : "password"}
              autoComplete="new-password"
              spellCheck={false}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setGenerated(false);
              }}
              placeholder={hasSecret ? "••••••••" : ""}
            />
            {generated ? (
              <CopyButton label="Copy the secret" value={text} />
            ) : (
              <Button
                variant="ghost"
                size="icon"
                aria-label="Generate a secret"
                onClick={() => {
                  setText(randomSecret());
                  setGenerated(true);
                }}
              >
                <Dices aria-hidden="true" />
              </Button>
            )}
            <Button type="submit" disabled={text === ""} pending={save.isPending}>
              {hasSecret ? "Replace" : "Set"}
            </Button>
          </div>
        )}
      </FormField>
    </form>
  );
}
