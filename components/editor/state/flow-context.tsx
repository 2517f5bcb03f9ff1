"use client";
import type { inferRouterOutputs } from "@trpc/server";
import { createContext, type ReactNode, useContext } from "react";
import type { AppRouter } from "@/server/trpc/router";

export type FlowTrigger = inferRouterOutputs<AppRouter>["flows"]["get"]["triggers"][number];

/** The flow around the graph. */
export interface FlowInfo {
  id: string;
  name: string;
  active: boolean;
  publishedVersion: number | null;
  triggers: readonly FlowTrigger[];
}

const FlowContext = createContext<FlowInfo | null>(null);

export function FlowProvider({ value, children }: { value: FlowInfo; children: ReactNode }) {
  return <FlowContext value={value}>{children}</FlowContext>;
}

export function useFlow(): FlowInfo {
  const flow = useContext(FlowContext);
  if (!flow) throw new Error("Outside of a FlowProvider");
  return flow;
}
