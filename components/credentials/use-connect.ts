"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import { CONNECTED_CHANNEL, type ConnectedMessage } from "./connected-channel";

export interface ConnectRequest {
  /** A provider, or the key of a tool. */
  provider: string;
  /** To connect an account again. */
  credentialId?: string;
  name?: string;
  /** To be asked for beside those of the configuration. */
  scopes?: string[];
}

const SIZE = "popup,width=560,height=720";
const LOOK_MS = 500;

/**
 * Connects an account in a window of its own. The window tells of its end over a channel: providers may cut the tie between
 * a window and the one that opened it.
 */
export function useConnect(onConnected: (credentialId: string) => void): {
  connect: (request: ConnectRequest) => void;
  connecting: boolean;
} {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [waiting, setWaiting] = useState<{ state: string; popup: Window } | null>(null);
  /** The button works again, because the window seems to be closed; an answer that comes all the same still counts. */
  const [given, setGiven] = useState(false);
  const done = useRef(onConnected);
  done.current = onConnected;
  const begin = useMutation(trpc.oauth.begin.mutationOptions());
  const refresh = useRef(() => {});
  refresh.current = () => void queryClient.invalidateQueries(trpc.credentials.pathFilter());

  useEffect(() => {
    if (!waiting) return;
    const channel = new BroadcastChannel(CONNECTED_CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<ConnectedMessage>) => {
      if (data.state !== waiting.state) return;
      setWaiting(null);
      if ("error" in data) return void toast.error("The account was not connected", { description: data.error });
      toast.success("Connected");
      refresh.current();
      done.current(data.credentialId);
    };
    // A provider's page may make its window look closed from here while it is open.
    const look = setInterval(() => {
      if (!waiting.popup.closed) return;
      clearInterval(look);
      setGiven(true);
      refresh.current();
    }, LOOK_MS);
    return () => {
      clearInterval(look);
      channel.close();
    };
  }, [waiting]);

  const connect = (request: ConnectRequest) => {
    // At once, within the click: later the browser would take it for an unwanted window.
    const popup = window.open("about:blank", "tolstoy-connect", SIZE);
    begin.mutate(request, {
      onSuccess: (begun) => {
        if (begun.url === null) {
          popup?.close();
          toast.success("Connected");
          refresh.current();
          return done.current(begun.credentialId);
        }
        if (!popup)
          return void toast.error("The window could not be opened", { description: "Allow pop-ups for this page, then try again." });
        popup.location.href = begun.url;
        setGiven(false);
        setWaiting({ state: begun.state, popup });
      },
      onError: (error) => {
        popup?.close();
        toast.error("The account could not be connected", { description: errorMessage(error) });
      },
    });
  };
  return { connect, connecting: begin.isPending || (waiting !== null && !given) };
}
