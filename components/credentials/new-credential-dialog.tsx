"use client";
import { useState } from "react";
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FormField } from "@/components/ui/form-field";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "@/components/ui/select";
import { credentialKind } from "@/flow/credentials/kinds";
import { CREDENTIAL_TYPES, type CredentialType } from "@/flow/credentials/types";
import { ConnectForm } from "./connect-form";
import { CredentialForm } from "./credential-form";
import { type Credential, TYPE_HINTS, TYPE_LABELS } from "./types";

export interface NewCredentialProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (credential: Pick<Credential, "id" | "name">) => void;
  /** Kinds that fit; all by default. */
  types?: readonly CredentialType[];
  /** Key of the tool that it is for. */
  toolKey?: string | undefined;
  /** Key of the kind of server that it is for. */
  kind?: string | undefined;
  name?: string | undefined;
}

/** Makes a credential: its kind, then its values or its connection. */
export function NewCredentialDialog({ open, onOpenChange, onCreated, types = CREDENTIAL_TYPES, toolKey, kind, name }: NewCredentialProps) {
  const [type, setType] = useState<CredentialType>(types[0] ?? "api_key");
  const finish = (credential: Pick<Credential, "id" | "name">) => {
    onOpenChange(false);
    onCreated(credential);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-lg">
        <DialogHeader>
          <DialogTitle>New credential</DialogTitle>
          <DialogDescription>Its values are encrypted, go to its own hosts only, and are shown to nobody.</DialogDescription>
        </DialogHeader>
        {types.length > 1 ? (
          <FormField label="Type" hint={TYPE_HINTS[type]}>
            {({ id, ...described }) => (
              <Select value={type} onValueChange={(value) => setType(value as CredentialType)}>
                <SelectTrigger id={id} {...described}>
                  <SelectValue />
                </SelectTrigger>
                <SelectContent>
                  {types.map((each) => (
                    <SelectItem key={each} value={each}>
                      {TYPE_LABELS[each]}
                    </SelectItem>
                  ))}
                </SelectContent>
              </Select>
            )}
          </FormField>
        ) : null}
        {type === "oauth2" ? (
          <ConnectForm toolKey={toolKey} name={name} onConnected={finish} onCancel={() => onOpenChange(false)} />
        ) : (
          <CredentialForm
            key={type}
            type={type}
            toolKey={toolKey}
            kind={kind && type === "custom" ? credentialKind(kind) : undefined}
            name={name}
            onCreated={finish}
            onCancel={() => onOpenChange(false)}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}
