"use client";
import { ChevronLeft } from "lucide-react";
import { useState } from "react";
import { NodeIcon } from "@/components/editor/node-icon";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { CREDENTIAL_TYPES, type CredentialType } from "@/flow/credentials/types";
import { NewCredential } from "./new-credential";
import { ServicePicker } from "./service-picker";
import { type Purpose, useServiceOf } from "./services";
import type { Credential } from "./types";

export interface NewCredentialProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (credential: Pick<Credential, "id" | "name">) => void;
  /** Types that fit; all by default. */
  types?: readonly CredentialType[];
  /** Key of the tool that it is for. */
  toolKey?: string | undefined;
  /** Key of the kind of server that it is for. */
  kind?: string | undefined;
  name?: string | undefined;
}

/** What a place for a credential asks for, where that leaves no choice. */
function purposeOf({ types = CREDENTIAL_TYPES, toolKey, kind }: Pick<NewCredentialProps, "types" | "toolKey" | "kind">): Purpose | null {
  if (toolKey) return { toolKey };
  if (kind) return { kind };
  const [only] = types;
  return types.length === 1 && only ? { type: only } : null;
}

/** Makes a credential: what it is for, then its values or its connection. */
export function NewCredentialDialog({ open, onOpenChange, onCreated, types = CREDENTIAL_TYPES, ...asked }: NewCredentialProps) {
  const fixed = purposeOf({ types, ...asked });
  const [chosen, setChosen] = useState<Purpose | null>(null);
  const purpose = fixed ?? chosen;
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {purpose ? (
        <DialogContent className="max-w-lg grid-cols-[minmax(0,1fr)]">
          <Header purpose={purpose} onBack={fixed ? null : () => setChosen(null)} />
          <NewCredential purpose={purpose} name={asked.name} onCreated={onCreated} onClose={() => onOpenChange(false)} />
        </DialogContent>
      ) : (
        <DialogContent hideClose className="max-w-lg gap-0 p-0">
          <DialogTitle className="sr-only">New credential</DialogTitle>
          <DialogDescription className="sr-only">Type to search, choose with the arrow keys, press Enter.</DialogDescription>
          {/* Servers that are not called by HTTP have nodes of their own, which ask for their kind. */}
          <ServicePicker
            types={types}
            servers={types.length === CREDENTIAL_TYPES.length}
            onPick={(service) => setChosen(service.purpose)}
          />
        </DialogContent>
      )}
    </Dialog>
  );
}

function Header({ purpose, onBack }: { purpose: Purpose; onBack: (() => void) | null }) {
  const { name, icon } = useServiceOf(purpose);
  return (
    <DialogHeader className="grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 gap-y-2">
      <span className="flex items-center gap-1">
        {onBack ? (
          <Button variant="ghost" size="icon-sm" className="-ml-1.5" aria-label="Back to the services" onClick={onBack}>
            <ChevronLeft aria-hidden="true" />
          </Button>
        ) : null}
        <NodeIcon definition={icon} className="size-8 rounded-md" />
      </span>
      <DialogTitle className="truncate">{`New credential: ${name}`}</DialogTitle>
      <DialogDescription className="col-span-2">Encrypted, sent to its own hosts only, shown to nobody.</DialogDescription>
    </DialogHeader>
  );
}
