"use client";
import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/choice";
import { FormField } from "@/components/ui/form-field";
import type { FlowSettings } from "@/flow/graph/schema";
import { FlowPicker } from "../inspector/controls/flow-control";

/** What a flow's settings say of other flows. */
export type LinkedFlows = Pick<FlowSettings, "errorFlow" | "callers">;

const POLICIES = [
  { value: "any", label: "Any flow of the organization" },
  { value: "list", label: "Only these flows" },
  { value: "none", label: "No other flow" },
] as const;

/** The settings with what was chosen of other flows; what is the default is left out. */
export function withLinkedFlows(
  { errorFlow: _error, callers: _callers, ...rest }: FlowSettings,
  { errorFlow, callers }: LinkedFlows,
): FlowSettings {
  return { ...rest, ...(errorFlow && { errorFlow }), ...(callers && callers.policy !== "any" && { callers }) };
}

/** Which flow handles failures, and which flows may run this one. */
export function LinkedFlowFields({ value, onChange }: { value: LinkedFlows; onChange: (value: LinkedFlows) => void }) {
  const { policy = "any", flowIds = [] } = value.callers ?? {};
  const setIds = (ids: string[]) => onChange({ ...value, callers: { policy, flowIds: ids } });
  return (
    <>
      <FormField label="Error flow" hint="It starts at its Error Trigger when an execution of this flow fails, run by hand or not.">
        {({ id, "aria-describedby": describedBy }) => (
          <FlowPicker
            id={id}
            describedBy={describedBy}
            label="Error flow"
            value={value.errorFlow ?? ""}
            onChange={(errorFlow) => onChange({ ...value, errorFlow })}
          />
        )}
      </FormField>
      <ChoiceField
        label="Called by"
        options={POLICIES}
        value={policy}
        onChange={(chosen) => onChange({ ...value, callers: { policy: chosen, flowIds } })}
      />
      {policy === "list" ? (
        <ul aria-label="Flows that may run this one" className="grid gap-1.5">
          {flowIds.map((flowId) => (
            <li key={flowId} className="flex items-center gap-1">
              <div className="min-w-0 flex-1">
                <FlowPicker
                  label="Flow"
                  value={flowId}
                  onChange={(chosen) => setIds(flowIds.map((each) => (each === flowId ? chosen : each)).filter((each) => each !== ""))}
                />
              </div>
              <Button
                variant="ghost"
                size="icon"
                aria-label="Remove this flow"
                onClick={() => setIds(flowIds.filter((each) => each !== flowId))}
              >
                <X aria-hidden="true" />
              </Button>
            </li>
          ))}
          <li>
            <FlowPicker
              label="Add a flow"
              value=""
              onChange={(chosen) => setIds([...new Set([...flowIds, chosen])].filter((each) => each !== ""))}
            />
          </li>
        </ul>
      ) : null}
    </>
  );
}
