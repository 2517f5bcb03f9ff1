import type { ActionDefinition, ToolDefinition } from "@/flow/tools/schema";
import { ServiceError } from "../services/errors";

/** What an import could not take as it was. */
export interface ImportProblem {
  /** `GET /orders/{id}`, or what else it is about; null for the document. */
  operation: string | null;
  message: string;
  /** `skipped`: the operation is missing; `changed`: it is there, with something that a person should look at. */
  kind: "skipped" | "changed";
}

/** What a document comes to: one tool and its actions. */
export interface ImportedTool {
  source: "openapi" | "curl" | "postman";
  tool: Omit<ToolDefinition, "key">;
  actions: ActionDefinition[];
  problems: ImportProblem[];
  /** Operations that the document has. */
  found: number;
}

/** A document that can't be read at all. */
export const unreadable = (message: string): ServiceError =>
  new ServiceError("invalid", message, { issues: [{ field: "content", message, code: "document" }] });

export type Obj = Record<string, unknown>;

export const isObject = (value: unknown): value is Obj => typeof value === "object" && value !== null && !Array.isArray(value);

/** An own property, whatever it is called. */
export const own = (value: unknown, key: string): unknown => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);
export const ownObject = (value: unknown, key: string): Obj | undefined => {
  const found = own(value, key);
  return isObject(found) ? found : undefined;
};
export const ownText = (value: unknown, key: string): string | undefined => {
  const found = own(value, key);
  return typeof found === "string" && found.trim() !== "" ? found : undefined;
};
export const ownList = (value: unknown, key: string): unknown[] => {
  const found = own(value, key);
  return Array.isArray(found) ? found : [];
};

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Text without halves of characters. */
export const wellFormed = (text: string): string => text.replaceAll(LONE_SURROGATE, "\uFFFD");

/** Text that fits a column; half characters and what can't be stored are left out. */
export const shortened = (text: string | undefined, max: number): string | undefined => {
  const clean = text?.replaceAll("\u0000", "").trim();
  if (!clean) return undefined;
  return wellFormed(clean.length > max ? `${clean.slice(0, max - 1)}…` : clean);
};
