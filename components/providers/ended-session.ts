import { toast } from "@/components/ui/toast";

let leaving = false;

/** Whether the person is on the way to sign in again, with what is unsaved kept in the browser: no reason to ask whether to stay. */
export const isLeavingToSignIn = (): boolean => leaving;

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
        leaving = true;
        window.location.assign(`/sign-in?callbackUrl=${encodeURIComponent(pathname + search)}`);
      },
    },
  });
}
