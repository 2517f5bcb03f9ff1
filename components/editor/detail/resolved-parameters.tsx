"use client";
import { Skeleton } from "@/components/ui/skeleton";
import { toJson } from "@/flow/expression/to-json";
import type { Json } from "@/flow/item";
import { type FieldModel, isShown, titleFromName } from "../inspector/form-model";
import { JsonTree } from "./json-tree";
import type { NodeData } from "./use-node-data";

/** What the parameters came to in this run, expressions resolved for the first item. */
export function ResolvedParameters({ form, data }: { form: readonly FieldModel[]; data: NodeData }) {
  const { step, loading } = data;
  if (loading) return <Skeleton className="h-40" />;
  if (!step?.resolved) return <p className="text-muted-foreground text-sm">Nothing was resolved: the node did not get that far.</p>;
  const { values, errors } = step.resolved;
  const names = form.filter((field) => isShown(field, form, values) && values[field.name] !== undefined).map((field) => field.name);
  const shown = names.length > 0 ? names : Object.keys(values);
  return (
    <div className="grid grid-cols-1 gap-3">
      <p className="text-muted-foreground text-xs">For the first item.</p>
      {errors.map((error) => (
        <p
          key={`${error.field}-${error.message}`}
          role="alert"
          className="rounded-md bg-destructive-soft p-2 text-destructive-text text-xs"
        >
          {error.field ? `${error.field}: ` : ""}
          {error.message}
        </p>
      ))}
      <dl className="grid grid-cols-1 gap-3">
        {shown.map((name) => {
          const field = form.find((candidate) => candidate.name === name);
          const value = toJson(values[name]) as Json;
          return (
            <div key={name} className="grid min-w-0 grid-cols-1 gap-1">
              <dt className="font-medium text-sm">{field?.title ?? titleFromName(name)}</dt>
              <dd className="min-w-0">
                <Value value={field?.options?.find((option) => option.value === value)?.label ?? value} />
              </dd>
            </div>
          );
        })}
      </dl>
      {shown.length === 0 && errors.length === 0 ? <p className="text-muted-foreground text-sm">This node has no parameters.</p> : null}
    </div>
  );
}

function Value({ value }: { value: Json }) {
  if (typeof value === "object" && value !== null) return <JsonTree value={value} />;
  return (
    <p className="whitespace-pre-wrap break-words rounded-md bg-subtle px-2 py-1 font-mono text-xs">{value === "" ? " " : String(value)}</p>
  );
}
