"use client";
import { create } from "zustand";

interface ShellState {
  paletteOpen: boolean;
  /** The sidebar over the page, on narrow screens. */
  drawerOpen: boolean;
  setPaletteOpen: (open: boolean) => void;
  setDrawerOpen: (open: boolean) => void;
}

export const useShell = create<ShellState>()((set) => ({
  paletteOpen: false,
  drawerOpen: false,
  setPaletteOpen: (paletteOpen) => set({ paletteOpen, drawerOpen: false }),
  setDrawerOpen: (drawerOpen) => set({ drawerOpen }),
}));
