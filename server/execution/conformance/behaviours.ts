import { children } from "./behaviours/children";
import { control } from "./behaviours/control";
import { limits } from "./behaviours/limits";
import { steps } from "./behaviours/steps";
import { waits } from "./behaviours/waits";
import type { Behaviour } from "./harness";

/** What every engine does the same. */
export const behaviours: readonly Behaviour[] = [...steps, ...waits, ...control, ...children, ...limits];
