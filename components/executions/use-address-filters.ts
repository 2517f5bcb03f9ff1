"use client";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { type ExecutionFilters, readFilters, writeFilters } from "./filters";

/**
 * Filters with the address as their copy. The state leads, since the router hears of a new address only a moment later; it
 * follows when somebody else changes the address, such as a link or the back button.
 */
export function useAddressFilters(): [ExecutionFilters, (filters: ExecutionFilters) => void] {
  const params = useSearchParams();
  const [filters, setFilters] = useState(() => readFilters(params));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the address is what it waits for, the location tells the latest
  useEffect(() => {
    const inAddress = readFilters(new URLSearchParams(window.location.search));
    setFilters((current) => (writeFilters(current) === writeFilters(inAddress) ? current : inAddress));
  }, [params]);

  const change = (next: ExecutionFilters) => {
    setFilters(next);
    window.history.replaceState(null, "", `${window.location.pathname}${writeFilters(next)}`);
  };
  return [filters, change];
}
