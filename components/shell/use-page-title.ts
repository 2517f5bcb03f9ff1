"use client";
import { useEffect } from "react";

/** Names the browser's tab after what is open, once its name is known. */
export function usePageTitle(name: string | undefined): void {
  useEffect(() => {
    if (name) document.title = `${name} · Tolstoy`;
  }, [name]);
}
