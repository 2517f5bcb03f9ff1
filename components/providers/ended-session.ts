import { toast } from "@/components/ui/toast";

/** Says that the session is over, once, and leaves the page as it is: there may be work on it that is not saved. */
export function announceEndedSession(): void {
  if (window.location.pathname.startsWith("/sign-in") || window.location.pathname.startsWith("/register")) return;
  toast.error("Your session has ended", {
    id: "session-ended",
    description: "Sign in again to go on where you are.",
    duration: Number.POSITIVE_INFINITY,
    action: {
      label: "Sign in",
      onClick: () => {
        const { pathname, search } = window.location;
        window.location.assign(`/sign-in?callbackUrl=${encodeURIComponent(pathname + search)}`);
      },
    },
  });
}
