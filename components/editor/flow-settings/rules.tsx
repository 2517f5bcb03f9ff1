"use client";
import { ChoiceField } from "@/components/ui/choice";
import { TextField } from "@/components/ui/text-field";
import { KeyField, Rule, SpanField } from "./controls";
import { BACKOFFS, type SettingsErrors, type SettingsFields } from "./fields";

const OVERLAPS = [
  { value: "queue", label: "It waits for its turn" },
  { value: "skip", label: "It is skipped" },
  { value: "cancelPrevious", label: "It takes the place of the oldest" },
] as const;

interface RulesProps {
  fields: SettingsFields;
  errors: SettingsErrors;
  set: (fields: Partial<SettingsFields>) => void;
}

/** When executions may begin: how many at the same time, how far apart, and which of several. */
export function StartRules({ fields: { concurrency, debounce, throttle }, errors, set }: RulesProps) {
  return (
    <>
      <Rule
        label="Limit executions at the same time"
        hint="One that waits or is paused counts until it has ended."
        on={concurrency.on}
        onChange={(on) => set({ concurrency: { ...concurrency, on } })}
      >
        <TextField
          label="At most"
          inputMode="numeric"
          error={errors["concurrency.limit"]}
          value={concurrency.limit}
          onChange={(event) => set({ concurrency: { ...concurrency, limit: event.target.value } })}
        />
        <ChoiceField
          label="One more that comes"
          options={OVERLAPS}
          value={concurrency.overlap}
          onChange={(overlap) => set({ concurrency: { ...concurrency, overlap } })}
        />
        <KeyField
          error={errors["concurrency.key"]}
          value={concurrency.key}
          onChange={(key) => set({ concurrency: { ...concurrency, key } })}
        />
      </Rule>
      <Rule
        label="Wait until arrivals calm down"
        hint="Of arrivals that follow each other, only the last one runs."
        on={debounce.on}
        onChange={(on) => set({ debounce: { ...debounce, on } })}
      >
        <SpanField
          label="Quiet time"
          error={errors["debounce.wait"]}
          value={debounce.wait}
          onChange={(wait) => set({ debounce: { ...debounce, wait } })}
        />
        <SpanField
          label="But no longer than"
          placeholder="No limit"
          error={errors["debounce.most"]}
          value={debounce.most}
          onChange={(most) => set({ debounce: { ...debounce, most } })}
        />
        <KeyField error={errors["debounce.key"]} value={debounce.key} onChange={(key) => set({ debounce: { ...debounce, key } })} />
      </Rule>
      <Rule
        label="Limit how often executions start"
        hint="Those beyond start later; none is dropped."
        on={throttle.on}
        onChange={(on) => set({ throttle: { ...throttle, on } })}
      >
        <TextField
          label="At most"
          inputMode="numeric"
          error={errors["throttle.limit"]}
          value={throttle.limit}
          onChange={(event) => set({ throttle: { ...throttle, limit: event.target.value } })}
        />
        <SpanField
          label="In any"
          error={errors["throttle.period"]}
          value={throttle.period}
          onChange={(period) => set({ throttle: { ...throttle, period } })}
        />
        <KeyField error={errors["throttle.key"]} value={throttle.key} onChange={(key) => set({ throttle: { ...throttle, key } })} />
      </Rule>
    </>
  );
}

/** How nodes are tried again that do not say so themselves. */
export function RetryRule({ fields: { retry }, errors, set }: RulesProps) {
  return (
    <Rule
      label="Try failing nodes again"
      hint="Those without a retry setting of their own. Errors that trying again cannot help are never retried."
      on={retry.on}
      onChange={(on) => set({ retry: { ...retry, on } })}
    >
      <TextField
        label="Attempts"
        inputMode="numeric"
        error={errors["retry.attempts"]}
        value={retry.attempts}
        onChange={(event) => set({ retry: { ...retry, attempts: event.target.value } })}
      />
      <SpanField
        label="Wait between them"
        error={errors["retry.wait"]}
        value={retry.wait}
        onChange={(wait) => set({ retry: { ...retry, wait } })}
      />
      <ChoiceField label="Backoff" options={BACKOFFS} value={retry.backoff} onChange={(backoff) => set({ retry: { ...retry, backoff } })} />
    </Rule>
  );
}
