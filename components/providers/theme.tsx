"use client";
import { useCallback, useSyncExternalStore } from "react";
import { CHANGE_EVENT, DARK_QUERY, STORAGE_KEY } from "./theme-script";

export type Theme = "light" | "dark" | "system";

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(DARK_QUERY);
  query.addEventListener("change", listener);
  window.addEventListener("storage", listener);
  window.addEventListener(CHANGE_EVENT, listener);
  return () => {
    query.removeEventListener("change", listener);
    window.removeEventListener("storage", listener);
    window.removeEventListener(CHANGE_EVENT, listener);
  };
}

/** The theme that the person chose, what it comes to now, and how to choose another; kept in this browser. */
export function useTheme(): { theme: Theme; resolvedTheme: "light" | "dark"; setTheme: (theme: Theme) => void } {
  const theme = useSyncExternalStore(subscribe, readTheme, () => "system" as const);
  const dark = useSyncExternalStore(
    subscribe,
    () => (readTheme() === "system" ? window.matchMedia(DARK_QUERY).matches : readTheme() === "dark"),
    () => false,
  );
  const setTheme = useCallback((next: Theme) => {
    try {
      if (next === "system") localStorage.removeItem(STORAGE_KEY);
      else localStorage.setItem(STORAGE_KEY, next);
    } catch {
      // Storage is refused (private window): the choice cannot be kept, and the system's stays.
    }
    window.dispatchEvent(new Event(CHANGE_EVENT));
  }, []);
  return { theme, resolvedTheme: dark ? "dark" : "light", setTheme };
}
