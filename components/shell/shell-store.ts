"use client";
import { create } from "zustand";

interface ShellState {
  paletteOpen: boolean;
  /** The sidebar over the page, on narrow screens. */
  drawerOpen: boolean;
  shortcutsOpen: boolean;
  setPaletteOpen: (open: boolean) => void;
  setDrawerOpen: (open: boolean) => void;
  setShortcutsOpen: (open: boolean) => void;
}

export const useShell = create<ShellState>()((set) => ({
  paletteOpen: false,
  drawerOpen: false,
  shortcutsOpen: false,
  setPaletteOpen: (paletteOpen) => set({ paletteOpen, drawerOpen: false }),
  setDrawerOpen: (drawerOpen) => set({ drawerOpen }),
  setShortcutsOpen: (shortcutsOpen) => set({ shortcutsOpen }),
}));
