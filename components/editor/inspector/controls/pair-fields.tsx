"use client";
import type { JsonObject } from "@/flow/item";
import { useForm } from "../form-context";
import { effectiveValue, type FieldModel, isShown } from "../form-model";
import { ParameterFields, SimpleField } from "../parameter-field";
import type { Path } from "../paths";

/** An element that is a name with a value: the name and its type side by side, the value below, all without labels on the screen. */
export function PairFields({ fields, values, path }: { fields: readonly FieldModel[]; values: JsonObject; path: Path }) {
  const { set } = useForm();
  const simple = (name: string) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (!field || !isShown(field, fields, values)) return null;
    const at = [...path, name];
    const hinted = field.hints.placeholder ? field : { ...field, hints: { ...field.hints, placeholder: field.title } };
    return <SimpleField field={hinted} value={effectiveValue(field, values)} path={at} hideLabel onChange={(next) => set(at, next)} />;
  };
  const type = simple("type");
  const others = fields.filter((field) => !["name", "type", "value"].includes(field.name) && isShown(field, fields, values));
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">{simple("name")}</div>
        {type ? <div className="w-28 shrink-0">{type}</div> : null}
      </div>
      {simple("value")}
      <ParameterFields fields={others} values={values} path={path} />
    </div>
  );
}
