"use client";
import { signOut } from "@/components/auth/auth-client";
import { toast } from "@/components/ui/toast";

export function useSignOut(): () => Promise<void> {
  return async () => {
    // A full load: what the session read must not stay in memory.
    if (await signOut()) window.location.assign("/sign-in");
    else toast.error("You are still signed in", { description: "The server did not answer. Try again." });
  };
}
