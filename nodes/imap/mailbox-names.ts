import { ParameterError } from "@/flow/execution/errors";

/** @throws ParameterError for a text that would end a line and begin another */
export function refuseControlCharacters(text: string, field: string, index?: number): void {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 32 || code === 127) throw new ParameterError(field, "has a line break or control character in it", index);
  }
}

/** @throws ParameterError for what names no mailbox */
export function mailboxName(text: string, field: string, index?: number): string {
  refuseControlCharacters(text, field, index);
  if (text.trim() === "") throw new ParameterError(field, "is empty: fill in the name of a mailbox", index);
  return text.trim();
}
