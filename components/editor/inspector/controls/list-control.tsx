"use client";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { type DragEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { FieldError } from "@/components/ui/form-field";
import { InlineCode } from "@/components/ui/inline-code";
import type { Json, JsonObject } from "@/flow/item";
import { EXPRESSION_DRAG_TYPE, NAME_DRAG_TYPE, useForm } from "../form-context";
import { emptyElement, type FieldModel } from "../form-model";
import { ParameterFields, SimpleField } from "../parameter-field";
import { type Path, pathText } from "../paths";
import { singular } from "../singular";
import { PairFields } from "./pair-fields";

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** A list of objects or of plain values: add, remove, put in another order, or drop a field of the input to add one. */
export function ListControl({ field, value, path }: { field: FieldModel; value: Json | undefined; path: Path }) {
  const { set, readOnly, problemOf } = useForm();
  const [over, setOver] = useState(false);
  const list = Array.isArray(value) ? value : [];
  const noun = singular(field.title);
  const problem = problemOf(pathText(path));
  const names = field.fields?.map((child) => child.name) ?? [];
  // A name with a value. Lists of other things, such as the fields of a form, have both names too, but not in the first place.
  const takesDrops = names[0] === "name" && names.includes("value");

  const change = (next: Json[]) => set(path, next);
  const move = (from: number, to: number) => {
    const next = [...list];
    const [taken] = next.splice(from, 1);
    if (taken !== undefined) next.splice(to, 0, taken);
    change(next);
  };
  const onDrop = (event: DragEvent) => {
    setOver(false);
    const source = event.dataTransfer.getData(EXPRESSION_DRAG_TYPE);
    if (source === "") return;
    event.preventDefault();
    const element = emptyElement(field);
    change([
      ...list,
      { ...(isObject(element) ? element : {}), name: event.dataTransfer.getData(NAME_DRAG_TYPE), value: `={{ ${source} }}` },
    ]);
  };

  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-2">
      <legend className="mb-1.5 font-medium text-sm">{field.title}</legend>
      {field.description ? (
        <p className="-mt-1 text-muted-foreground text-xs">
          <InlineCode text={field.description} />
        </p>
      ) : null}
      {list.map((element, index) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: elements are plain data without an identity of their own
          key={index}
          className={cn("group/row relative min-w-0 rounded-lg", field.fields && "border border-border p-3 pt-2")}
        >
          <legend className="sr-only">{`${noun} ${index + 1}`}</legend>
          {field.fields ? (
            <>
              <div className="mb-1 flex h-6 items-center justify-between">
                <span aria-hidden="true" className="text-muted-foreground text-xs capitalize">
                  {noun} {index + 1}
                </span>
                {readOnly ? null : (
                  <RowButtons noun={noun} index={index} count={list.length} move={move} remove={() => set([...path, index], undefined)} />
                )}
              </div>
              {takesDrops ? (
                <PairFields fields={field.fields} values={isObject(element) ? element : {}} path={[...path, index]} />
              ) : (
                <div className="grid grid-cols-1 gap-3">
                  <ParameterFields fields={field.fields} values={isObject(element) ? element : {}} path={[...path, index]} />
                </div>
              )}
            </>
          ) : field.element ? (
            <div className="flex items-start gap-1">
              <div className="min-w-0 flex-1">
                <SimpleField
                  field={field.element}
                  value={element}
                  path={[...path, index]}
                  label={`${field.title} ${index + 1}`}
                  hideLabel
                  onChange={(next) => change(list.map((each, place) => (place === index ? (next ?? "") : each)))}
                />
              </div>
              {readOnly ? null : (
                <RowButtons noun={noun} index={index} count={list.length} move={move} remove={() => set([...path, index], undefined)} />
              )}
            </div>
          ) : null}
        </fieldset>
      ))}
      {problem ? <FieldError>{problem}</FieldError> : null}
      {readOnly ? null : (
        // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside
        <div
          onDragOver={(event) => {
            if (!takesDrops || !event.dataTransfer.types.includes(EXPRESSION_DRAG_TYPE)) return;
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={takesDrops ? onDrop : undefined}
          className={cn(
            takesDrops &&
              "flex items-center justify-center gap-1.5 rounded-lg border border-input border-dashed px-3 py-2.5 text-muted-foreground text-xs",
            over && "border-ring bg-primary-soft",
          )}
        >
          {takesDrops ? <span>Drag input fields here or</span> : null}
          <Button size="sm" onClick={() => change([...list, emptyElement(field)])}>
            <Plus aria-hidden="true" />
            {`Add ${noun}`}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function RowButtons({
  noun,
  index,
  count,
  move,
  remove,
}: {
  noun: string;
  index: number;
  count: number;
  move: (from: number, to: number) => void;
  remove: () => void;
}) {
  return (
    <span className="flex opacity-60 group-focus-within/row:opacity-100 group-hover/row:opacity-100">
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Move ${noun} ${index + 1} up`}
        disabled={index === 0}
        onClick={() => move(index, index - 1)}
      >
        <ArrowUp aria-hidden="true" />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Move ${noun} ${index + 1} down`}
        disabled={index === count - 1}
        onClick={() => move(index, index + 1)}
      >
        <ArrowDown aria-hidden="true" />
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label={`Remove ${noun} ${index + 1}`} onClick={remove}>
        <Trash2 aria-hidden="true" />
      </Button>
    </span>
  );
}
