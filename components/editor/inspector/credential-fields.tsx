"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { NewCredentialDialog } from "@/components/credentials/new-credential-dialog";
import { TYPE_LABELS } from "@/components/credentials/types";
import { useConnect } from "@/components/credentials/use-connect";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { FormField } from "@/components/ui/form-field";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import type { CredentialReference, CredentialSlot } from "@/flow/credentials/types";
import type { GraphNode } from "@/flow/graph/schema";
import { credentialSlots } from "@/flow/node/define-node";
import { useEditor, useEditorEnvironment } from "../state/editor-context";

/** Which credentials a node uses: a field for each of its places for one. */
export function CredentialFields({ node }: { node: GraphNode }) {
  const { definitionOf } = useEditorEnvironment();
  const definition = definitionOf(node.type);
  const slots = definition ? credentialSlots(definition, node.parameters) : [];
  const [first] = slots;
  return slots.map((slot) => {
    // What an import left goes by the other product's name for the kind of credential: it is for the first place.
    const left =
      slot === first ? Object.entries(node.credentials ?? {}).find(([name]) => !slots.some((each) => each.name === name))?.[1] : undefined;
    return <CredentialField key={slot.name} node={node} slot={slot} reference={node.credentials?.[slot.name]} left={left} />;
  });
}

const NEW = "\u0000new";
const NONE = "\u0000none";

function CredentialField({
  node,
  slot,
  reference,
  left,
}: {
  node: GraphNode;
  slot: CredentialSlot;
  reference: CredentialReference | undefined;
  left: CredentialReference | undefined;
}) {
  const trpc = useTRPC();
  const { readOnly } = useEditorEnvironment();
  const apply = useEditor((state) => state.apply);
  const [making, setMaking] = useState(false);
  const list = useQuery(
    trpc.credentials.list.queryOptions({ types: slot.types, ...(slot.tool && { toolKey: slot.tool }) }, { staleTime: 5000 }),
  );
  const choose = (credential: { id: string; name: string } | null) => {
    const { [slot.name]: _, ...others } = node.credentials ?? {};
    const credentials = credential ? { ...others, [slot.name]: { id: credential.id, name: credential.name } } : others;
    apply({ type: "setCredentials", nodeId: node.id, credentials });
  };
  const { connect, connecting } = useConnect(() => void list.refetch());
  const options = (list.data?.credentials ?? []).filter(({ settings }) => !slot.kind || !settings.kind || settings.kind === slot.kind);
  const chosen = options.find(({ id }) => id === reference?.id);
  const lacking = chosen?.type === "oauth2" ? (slot.scopes ?? []).filter((scope) => !chosen.scopes.includes(scope)) : [];
  const lost = reference?.id !== undefined && list.isSuccess && !chosen;
  const earlier = reference?.id === undefined ? (reference?.name ?? left?.name) : undefined;
  const problem = list.isError
    ? `The credentials could not be loaded. ${errorMessage(list.error)}`
    : lost
      ? `“${reference.name ?? "The credential"}” does not exist any more, or is not shared with you.`
      : lacking.length > 0
        ? `It was not given: ${lacking.join(", ")}.`
        : chosen?.status === "expired"
          ? "It has expired. Replace its values or give it another date."
          : !chosen && slot.required && list.isSuccess
            ? earlier
              ? `Choose a credential for “${earlier}”.`
              : "Choose a credential."
            : null;
  return (
    <>
      <FormField
        label={slot.label ?? "Credential"}
        error={chosen?.status === "reconnect_required" ? "The provider does not accept it any more." : problem}
        hint={earlier && !problem ? `Choose a credential for “${earlier}”.` : undefined}
        aside={
          chosen?.provider && chosen.manageable && (chosen.status === "reconnect_required" || lacking.length > 0) ? (
            <Button
              size="sm"
              pending={connecting}
              onClick={() => connect({ provider: chosen.provider ?? "", credentialId: chosen.id, scopes: lacking })}
            >
              {lacking.length > 0 ? "Give more access" : "Reconnect"}
            </Button>
          ) : null
        }
      >
        {({ id, ...described }) => (
          <Select
            value={chosen?.id ?? (slot.required ? "" : NONE)}
            disabled={readOnly || list.isPending}
            onValueChange={(value) => {
              if (value === NEW) return setMaking(true);
              choose(options.find((each) => each.id === value) ?? null);
            }}
          >
            <SelectTrigger id={id} {...described}>
              <SelectValue
                placeholder={list.isPending ? "Loading…" : earlier ? `Choose a credential for ${earlier}` : "Choose a credential"}
              />
            </SelectTrigger>
            <SelectContent>
              {slot.required ? null : <SelectItem value={NONE}>None</SelectItem>}
              {options.map((credential) => (
                <SelectItem key={credential.id} value={credential.id}>
                  {`${credential.name} · ${TYPE_LABELS[credential.type]}`}
                </SelectItem>
              ))}
              <SelectItem value={NEW}>
                <span className="flex items-center gap-1.5">
                  <Plus aria-hidden="true" className="size-3.5" />
                  New credential
                </span>
              </SelectItem>
            </SelectContent>
          </Select>
        )}
      </FormField>
      {making ? (
        <NewCredentialDialog
          open
          onOpenChange={setMaking}
          types={slot.types}
          toolKey={slot.tool}
          kind={slot.kind}
          name={earlier}
          onCreated={(credential) => {
            choose(credential);
            void list.refetch();
          }}
        />
      ) : null}
    </>
  );
}
