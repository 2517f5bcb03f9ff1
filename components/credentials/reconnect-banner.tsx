"use client";
import { TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Credential } from "./types";
import { useConnect } from "./use-connect";

/** Accounts that their providers do not accept any more: flows that use them fail until they are connected again. */
export function ReconnectBanner({ credentials }: { credentials: Credential[] }) {
  const broken = credentials.filter(({ status, type }) => status === "reconnect_required" && type === "oauth2");
  if (broken.length === 0) return null;
  return (
    <div role="alert" className="grid gap-2 rounded-lg border border-warning/40 bg-warning-soft p-3 text-sm">
      <p className="flex items-center gap-2 font-medium text-warning-text">
        <TriangleAlert aria-hidden="true" className="size-4 shrink-0" />
        {broken.length === 1 ? "An account has to be connected again" : `${broken.length} accounts have to be connected again`}
      </p>
      <ul className="grid gap-1.5">
        {broken.map((credential) => (
          <BrokenAccount key={credential.id} credential={credential} />
        ))}
      </ul>
    </div>
  );
}

function BrokenAccount({ credential }: { credential: Credential }) {
  const { connect, connecting } = useConnect(() => {});
  return (
    <li className="flex flex-wrap items-center justify-between gap-2">
      <span className="min-w-0 break-words">
        {credential.name}
        {credential.statusReason ? <span className="text-muted-foreground">{` — ${credential.statusReason}`}</span> : null}
      </span>
      {credential.manageable && credential.provider ? (
        <Button
          size="sm"
          pending={connecting}
          onClick={() => connect({ provider: credential.provider ?? "", credentialId: credential.id })}
        >
          Reconnect
        </Button>
      ) : null}
    </li>
  );
}
