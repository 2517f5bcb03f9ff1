import { type InputErrorBody, type InputIssue, inputErrorBody } from "@/flow/tools/validate-inputs";
import { ServiceError } from "../errors";
import { isServiceError } from "../to-service-error";

const MESSAGE = "Input validation failed";

/** Inputs that do not fit the action's schema. */
export const inputError = (issues: InputIssue[]): ServiceError => new ServiceError("invalid", MESSAGE, { issues });

/** The documented answer to a call with wrong inputs; null for any other error. */
export function inputErrorAnswer(thrown: unknown): InputErrorBody | null {
  if (!isServiceError(thrown) || thrown.message !== MESSAGE) return null;
  return inputErrorBody((thrown.details.issues ?? []).map(({ field, message, code }) => ({ field, message, code })));
}
