"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { signInWithProvider } from "./auth-client";
import { ProviderIcon } from "./provider-icon";

export interface SignInProvider {
  id: string;
  name: string;
}

export function ProviderButtons({
  providers,
  returnPath,
  onError,
}: {
  providers: SignInProvider[];
  returnPath: string;
  onError: (code: string) => void;
}) {
  const [pending, setPending] = useState<string | null>(null);
  if (providers.length === 0) return null;
  const start = async (id: string) => {
    setPending(id);
    const result = await signInWithProvider(id, returnPath);
    if (result.ok) return;
    setPending(null);
    onError(result.code);
  };
  return (
    <>
      <div className="grid gap-2">
        {providers.map(({ id, name }) => (
          <Button key={id} size="lg" pending={pending === id} disabled={pending !== null} onClick={() => start(id)}>
            <ProviderIcon provider={id} />
            Continue with {name}
          </Button>
        ))}
      </div>
      <div className="my-5 flex items-center gap-3 text-muted-foreground text-xs before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border">
        or
      </div>
    </>
  );
}
