"use client";
import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { cn } from "@/components/ui/cn";
import { FieldError } from "@/components/ui/form-field";
import { InlineCode } from "@/components/ui/inline-code";
import type { Json, JsonObject } from "@/flow/item";
import { ChoicesControl } from "./controls/choices-control";
import { CodeControl } from "./controls/code-control";
import { ConditionsControl } from "./controls/conditions-control";
import { FlowControl } from "./controls/flow-control";
import { JsonControl } from "./controls/json-control";
import { KeyValueControl } from "./controls/key-value-control";
import { ListControl } from "./controls/list-control";
import { NumberControl } from "./controls/number-control";
import { SelectControl } from "./controls/select-control";
import { SwitchControl } from "./controls/switch-control";
import { TemplateControl } from "./controls/template-control";
import { PasswordControl, TextAreaControl, TextControl } from "./controls/text-controls";
import { examplesAfter } from "./examples";
import { useForm } from "./form-context";
import { effectiveValue, type FieldModel, isExpression, isShown } from "./form-model";
import { type Path, pathText } from "./paths";
import { type ControlProps, useValueControl } from "./value-control";

/** The shown fields of an object of parameters; those that are seldom needed are folded away until one of them is set. */
export function ParameterFields({ fields, values, path }: { fields: readonly FieldModel[]; values: JsonObject; path: Path }) {
  const shown = fields.filter((field) => isShown(field, fields, values));
  const advanced = shown.filter((field) => field.hints.advanced);
  const [open, setOpen] = useState(() => advanced.some((field) => values[field.name] !== undefined));
  const render = (field: FieldModel) => (
    <ParameterField key={field.name} field={field} siblings={fields} values={values} path={[...path, field.name]} />
  );
  return (
    <>
      {shown.filter((field) => !field.hints.advanced).map(render)}
      {advanced.length > 0 ? (
        <div className="grid grid-cols-1 gap-4">
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="flex h-7 cursor-pointer items-center gap-1 justify-self-start rounded-md pr-2 font-medium text-muted-foreground text-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
          >
            <ChevronRight aria-hidden="true" className={cn("size-4 transition-transform duration-100", open && "rotate-90")} />
            More options
          </button>
          {open ? advanced.map(render) : null}
        </div>
      ) : null}
    </>
  );
}

function ParameterField({
  field,
  siblings,
  values,
  path,
}: {
  field: FieldModel;
  siblings: readonly FieldModel[];
  values: JsonObject;
  path: Path;
}) {
  const { set } = useForm();
  const value = effectiveValue(field, values);
  if (field.control === "group") return <GroupField field={field} value={value} path={path} />;
  if (field.control === "list") return <ListControl field={field} value={value} path={path} />;
  if (field.control === "conditions") return <ConditionsControl field={field} value={value} path={path} />;
  const change = (next: Json | undefined) => {
    set(path, next);
    for (const [name, text] of examplesAfter(field, next, siblings, values)) set([...path.slice(0, -1), name], text);
  };
  return <SimpleField field={field} value={value} path={path} onChange={change} language={chosenLanguage(field, siblings, values)} />;
}

/** The language of a field whose examples go by another field's choice. */
function chosenLanguage(field: FieldModel, siblings: readonly FieldModel[], values: JsonObject): string | undefined {
  const chooser = field.control === "code" ? siblings.find(({ name }) => name === field.hints.examples?.by) : undefined;
  const chosen = chooser && effectiveValue(chooser, values);
  return typeof chosen === "string" ? chosen : undefined;
}

function GroupField({ field, value, path }: { field: FieldModel; value: Json | undefined; path: Path }) {
  const object = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  return (
    <fieldset className="grid grid-cols-1 gap-3 rounded-lg border border-border p-3 pt-2">
      <legend className="px-1 font-medium text-muted-foreground text-xs">{field.title}</legend>
      {field.description ? (
        <p className="text-muted-foreground text-xs">
          <InlineCode text={field.description} />
        </p>
      ) : null}
      <ParameterFields fields={field.fields ?? []} values={object} path={path} />
    </fieldset>
  );
}

/** One labelled value; `hideLabel` where a row says what it is. */
export function SimpleField({
  field,
  value,
  path,
  onChange,
  label = field.title,
  hideLabel,
  language,
}: {
  field: FieldModel;
  value: Json | undefined;
  path: Path;
  onChange: (value: Json | undefined) => void;
  label?: string;
  hideLabel?: boolean;
  language?: string | undefined;
}) {
  const id = useId();
  const { problemOf } = useForm();
  const problem = problemOf(pathText(path));
  const noteId = `${id}-note`;
  const describedBy = problem || field.description ? noteId : undefined;
  const { control, toggle } = useValueControl(
    { field, value, onChange, label, id, describedBy, invalid: problem !== undefined, language },
    FixedControl,
  );
  const note = problem ? (
    <FieldError id={noteId}>{problem}</FieldError>
  ) : field.description && !hideLabel ? (
    <p id={noteId} className="text-muted-foreground text-xs">
      <InlineCode text={field.description} />
    </p>
  ) : null;
  const name = (
    <label htmlFor={id} className="truncate font-medium text-sm">
      {label}
      {field.required ? <span className="text-muted-foreground"> (required)</span> : null}
    </label>
  );
  const hidden = "opacity-0 transition-opacity duration-100 group-focus-within/field:opacity-100 group-hover/field:opacity-100";

  if (hideLabel) {
    return (
      <div className="group/field relative grid min-w-0 grid-cols-1 gap-1.5">
        {control}
        {/* Over the field's upper edge: where a row has no room, nothing may move when it appears. */}
        {toggle ? <span className={cn("-top-3.5 absolute right-1.5 z-10 rounded-md border border-border", hidden)}>{toggle}</span> : null}
        {note}
      </div>
    );
  }
  if (field.control === "switch" && !isExpression(value)) {
    return (
      <div className="group/field flex min-w-0 items-start justify-between gap-3">
        <div className="min-w-0">
          {name}
          {note}
        </div>
        <div className="flex h-5 shrink-0 items-center gap-2">
          <span className={hidden}>{toggle}</span>
          {control}
        </div>
      </div>
    );
  }
  return (
    <div className="group/field grid min-w-0 grid-cols-1 gap-1.5">
      <div className="flex min-h-5 items-center justify-between gap-2">
        {name}
        <span className={hidden}>{toggle}</span>
      </div>
      {control}
      {note}
    </div>
  );
}

function FixedControl(props: ControlProps) {
  switch (props.field.control) {
    case "textarea":
      return <TextAreaControl {...props} />;
    case "password":
      return <PasswordControl {...props} />;
    case "number":
      return <NumberControl {...props} />;
    case "switch":
      return <SwitchControl {...props} />;
    case "select":
      return <SelectControl {...props} />;
    case "code":
      return <CodeControl {...props} />;
    case "json":
      return <JsonControl {...props} />;
    case "choices":
      return <ChoicesControl {...props} />;
    case "keyvalue":
      return <KeyValueControl {...props} />;
    case "template":
      return <TemplateControl {...props} />;
    case "flow":
      return <FlowControl {...props} />;
    default:
      return <TextControl {...props} />;
  }
}
