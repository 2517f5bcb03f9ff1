"use client";
import { Segmented } from "@/components/ui/segmented";
import { Switch } from "@/components/ui/switch";

export interface ResumeOptions {
  target: "draft" | "same";
  keepWrites: boolean;
}

export const DEFAULT_RESUME: ResumeOptions = { target: "draft", keepWrites: true };

/** On which graph to go on, and what becomes of writes whose surroundings changed. */
export function ResumeOptionFields({ options, onChange }: { options: ResumeOptions; onChange: (options: ResumeOptions) => void }) {
  return (
    <div className="grid gap-3">
      <Segmented
        label="Go on with"
        value={options.target}
        onChange={(target) => onChange({ ...options, target })}
        options={[
          { value: "draft", label: "The draft as it is now" },
          { value: "same", label: "What it ran before" },
        ]}
      />
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
      <label className="flex items-start gap-3 text-sm">
        <Switch
          checked={options.keepWrites}
          onCheckedChange={(keepWrites) => onChange({ ...options, keepWrites })}
          aria-label="Never repeat what was done"
        />
        <span>
          Never repeat what was done
          <span className="block text-muted-foreground text-xs">
            A step that has sent or changed something keeps its result, also where it or what comes in was changed since.
          </span>
        </span>
      </label>
    </div>
  );
}
