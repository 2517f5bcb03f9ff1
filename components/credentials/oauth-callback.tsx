"use client";
import { useMutation } from "@tanstack/react-query";
import { Link2, Link2Off, LoaderCircle } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { FullPageMessage } from "@/components/shell/full-page-message";
import { Button } from "@/components/ui/button";
import { CONNECTED_CHANNEL, type ConnectedMessage } from "./connected-channel";

const CLOSE_MS = 300;
const KNOWN = ["state", "code", "iss", "error", "error_description"];

/** Where providers send people back to: ends the connection, tells the page that began it, and closes. */
export function OAuthCallback({ answer }: { answer: Record<string, string> }) {
  const trpc = useTRPC();
  const begun = useRef(false);
  const complete = useMutation(trpc.oauth.complete.mutationOptions());
  const { mutate } = complete;
  useEffect(() => {
    // A state counts once; React may run effects twice.
    if (begun.current) return;
    begun.current = true;
    const { state = "" } = answer;
    // The code is of no use any more, and need not stay in the history.
    window.history.replaceState(null, "", window.location.pathname);
    const tell = (message: ConnectedMessage) => {
      const channel = new BroadcastChannel(CONNECTED_CHANNEL);
      channel.postMessage(message);
      channel.close();
    };
    mutate(Object.fromEntries(Object.entries(answer).filter(([name]) => KNOWN.includes(name))) as { state: string }, {
      onSuccess: ({ credentialId }) => {
        tell({ state, credentialId });
        // What was told is on its way to another window: this one stays until it has arrived.
        setTimeout(() => window.close(), CLOSE_MS);
      },
      onError: (error) => tell({ state, error: errorMessage(error) }),
    });
  }, [answer, mutate]);

  const back = (
    <Button asChild>
      <Link href="/credentials">Go to credentials</Link>
    </Button>
  );
  if (complete.isError) {
    return (
      <FullPageMessage icon={Link2Off} title="Not connected" actions={back}>
        {errorMessage(complete.error)}
      </FullPageMessage>
    );
  }
  if (complete.isSuccess) {
    return (
      <FullPageMessage icon={Link2} title="Connected" actions={back}>
        You can close this window.
      </FullPageMessage>
    );
  }
  return (
    <FullPageMessage icon={LoaderCircle} title="Connecting…" actions={null}>
      One moment.
    </FullPageMessage>
  );
}
