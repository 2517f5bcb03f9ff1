"use client";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import type { Json } from "@/flow/item";
import { useForm } from "../form-context";
import type { FieldModel } from "../form-model";
import { SimpleField } from "../parameter-field";
import { singular } from "../singular";
import type { ControlProps } from "../value-control";

interface Row {
  id: number;
  name: string;
  value: Json;
}

const VALUE: FieldModel = {
  name: "value",
  title: "Value",
  control: "text",
  valueType: "string",
  defaultValue: "",
  required: false,
  allowsExpression: true,
  hints: {},
};

/** Stored as a list of `{ name, value }`, where a name may come twice, or as an object. */
function rowsOf(value: ControlProps["value"]): Row[] {
  if (Array.isArray(value)) {
    return value.map((entry, id) => {
      const pair = typeof entry === "object" && entry !== null && !Array.isArray(entry) ? entry : {};
      return { id, name: typeof pair.name === "string" ? pair.name : "", value: pair.value ?? "" };
    });
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([name, entry], id) => ({ id, name, value: entry }));
}

const storedOf = (rows: readonly Row[], asList: boolean): Json => {
  const named = rows.filter((row) => row.name.trim() !== "").map((row) => ({ name: row.name.trim(), value: row.value }));
  return asList ? named : Object.fromEntries(named.map(({ name, value }) => [name, value]));
};

/** Names and values. A row without a name yet is kept on the screen and left out of the value. */
export function KeyValueControl({ field, value, onChange, label }: ControlProps) {
  const { readOnly } = useForm();
  const asList = field.valueType === "array" || Array.isArray(value);
  const [rows, setRows] = useState(() => rowsOf(value));
  // The value changed from outside (undo, another tab): the rows follow.
  const now = JSON.stringify(value ?? null);
  const [seen, setSeen] = useState(now);
  if (now !== seen) {
    setSeen(now);
    if (now !== JSON.stringify(storedOf(rows, asList))) setRows(rowsOf(value));
  }
  const change = (next: Row[]) => {
    setRows(next);
    onChange(storedOf(next, asList));
  };
  const update = (id: number, part: Partial<Row>) => change(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <div className="grid grid-cols-1 gap-1.5">
      {rows.map((row, index) => (
        <div key={row.id} className="flex items-start gap-1.5">
          <Input
            aria-label={`${label}: name ${index + 1}`}
            placeholder="Name"
            className="w-2/5 shrink-0"
            value={row.name}
            readOnly={readOnly}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => update(row.id, { name: event.target.value })}
          />
          <div className="min-w-0 flex-1">
            <SimpleField
              field={VALUE}
              value={row.value}
              path={[field.name, index, "value"]}
              onChange={(next) => update(row.id, { value: next ?? "" })}
              label={`${label}: value of ${row.name || `row ${index + 1}`}`}
              hideLabel
            />
          </div>
          {readOnly ? null : (
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove ${row.name || `row ${index + 1}`}`}
              onClick={() => change(rows.filter((each) => each.id !== row.id))}
            >
              <Trash2 aria-hidden="true" />
            </Button>
          )}
        </div>
      ))}
      {readOnly ? null : (
        <Button
          size="sm"
          className="justify-self-start"
          onClick={() => setRows([...rows, { id: Math.max(-1, ...rows.map((row) => row.id)) + 1, name: "", value: "" }])}
        >
          <Plus aria-hidden="true" />
          {`Add ${singular(field.title)}`}
        </Button>
      )}
    </div>
  );
}
