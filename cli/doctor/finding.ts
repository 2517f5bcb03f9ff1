/** One line of the doctor's report. */
export interface Finding {
  subject: string;
  /** `off` is a choice, `broken` is something to mend. */
  state: "ok" | "off" | "broken";
  text: string;
}

export const ok = (subject: string, text: string): Finding => ({ subject, state: "ok", text });
export const off = (subject: string, text: string): Finding => ({ subject, state: "off", text });
export const broken = (subject: string, text: string): Finding => ({ subject, state: "broken", text });
