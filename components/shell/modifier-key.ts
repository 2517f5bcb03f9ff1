"use client";
import { useSyncExternalStore } from "react";

const never = () => () => {};

/** What the key beside the space bar is called here. */
export const useModifierKey = (): string =>
  useSyncExternalStore(
    never,
    () => (/mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl"),
    () => "Ctrl",
  );
