import { type ExecutionMode, type ExecutionStatus, executionModeSchema, executionStatusSchema } from "@/flow/execution/status";

export const PERIODS = [
  { value: "1h", label: "Last hour", ms: 3_600_000 },
  { value: "24h", label: "Last 24 hours", ms: 86_400_000 },
  { value: "7d", label: "Last 7 days", ms: 7 * 86_400_000 },
  { value: "30d", label: "Last 30 days", ms: 30 * 86_400_000 },
] as const;

export type Period = (typeof PERIODS)[number]["value"];

export interface ExecutionFilters {
  flowId: string | null;
  statuses: ExecutionStatus[];
  modes: ExecutionMode[];
  period: Period | null;
  /** Id of a failed execution: those that failed as it did. */
  errorLike: string | null;
  /** Those that wait for somebody to say what became of a write. */
  needsDecision: boolean;
  /** Values in what was given and what steps gave. */
  search: string;
}

export const NO_FILTERS: ExecutionFilters = {
  flowId: null,
  statuses: [],
  modes: [],
  period: null,
  errorLike: null,
  needsDecision: false,
  search: "",
};

const list = <T>(text: string | null, pick: (value: string) => T | undefined): T[] => [
  ...new Set((text ?? "").split(",").flatMap((value) => pick(value) ?? [])),
];

/** Filters live in the address, so that they survive a reload and can be sent to somebody. What is unknown is left out. */
export function readFilters(params: { get(name: string): string | null }): ExecutionFilters {
  const since = params.get("since");
  return {
    flowId: params.get("flow") || null,
    statuses: list(params.get("status"), (value) => executionStatusSchema.safeParse(value).data),
    modes: list(params.get("mode"), (value) => executionModeSchema.safeParse(value).data),
    period: PERIODS.find(({ value }) => value === since)?.value ?? null,
    errorLike: params.get("error") || null,
    needsDecision: params.get("decision") === "needed",
    search: params.get("q") ?? "",
  };
}

/** The address's query, with a leading `?`; empty without filters. */
export function writeFilters({ flowId, statuses, modes, period, errorLike, needsDecision, search }: ExecutionFilters): string {
  const parts = [
    flowId && `flow=${encodeURIComponent(flowId)}`,
    statuses.length > 0 && `status=${statuses.join(",")}`,
    modes.length > 0 && `mode=${modes.join(",")}`,
    period && `since=${period}`,
    errorLike && `error=${encodeURIComponent(errorLike)}`,
    needsDecision && "decision=needed",
    search && `q=${encodeURIComponent(search)}`,
  ].filter(Boolean);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

/** When a period began, to the minute: the list's key must not change with every glance. */
export function periodStart(period: Period, now: number): string {
  const ms = PERIODS.find(({ value }) => value === period)?.ms ?? 0;
  return new Date(Math.floor((now - ms) / 60_000) * 60_000).toISOString();
}

export const hasFilters = ({ flowId, statuses, modes, period, errorLike, needsDecision, search }: ExecutionFilters): boolean =>
  flowId !== null || statuses.length > 0 || modes.length > 0 || period !== null || errorLike !== null || needsDecision || search !== "";
