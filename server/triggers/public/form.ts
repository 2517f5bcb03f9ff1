import { indexGraph } from "@/flow/graph/traverse";
import { env } from "../../env";
import { readBody } from "../../rest/body";
import { readFormData } from "../../rest/form-data";
import { outcomeOf } from "../webhook";
import { answering, begin, saidBy } from "./answer-public";
import { type FormSettings, findDraft, findPublished, type PublicTrigger } from "./find";
import { endingOfTrigger, showEnding } from "./form-ending";
import { formPage } from "./form-page";
import { openFormRun } from "./form-run";
import { leadsToPage } from "./form-run-state";
import { answerAbsent, answerNotice, refuseStranger } from "./page";
import { readSubmission, SUBMISSION } from "./submission";

type Form = PublicTrigger<FormSettings>;

/** A form's page, and what is sent with it: an arrival that is recorded before it is answered, once for each opened page. */
export const handleForm = (request: Request, triggerId: string): Promise<Response> =>
  answering("form", () => handle(request, () => findPublished("form", triggerId)));

/** The form as its draft is now. What is sent goes to the editor, and starts nothing. */
export const handleTestForm = (request: Request, triggerId: string): Promise<Response> =>
  answering("form", () => handle(request, () => findDraft("form", triggerId)));

async function handle(request: Request, find: () => Promise<Form | null>): Promise<Response> {
  const form = await find();
  if (!form) return answerAbsent();
  const refusal = refuseStranger(request, form);
  if (refusal) return refusal;
  const { settings } = form;
  if (request.method !== "POST") return formPage(settings, { isTest: !form.live });
  const given = await readFormData(request, await readBody(request, env().MAX_BODY_BYTES));
  const sent = await readSubmission(settings.fields, given, form.live ? "production" : "test");
  if (sent.errors.size > 0) return formPage(settings, { isTest: !form.live, sent });
  const submission = given.get(SUBMISSION);
  const dedupeKey = typeof submission === "string" && submission !== "" ? `form:${submission.slice(0, 100)}` : null;
  const hasPages = form.live !== null && leadsToPage(indexGraph(form.live.graph), form.nodeId);
  const begun = await begin("form", form, sent.item, { dedupeKey, waits: hasPages || settings.responseMode !== "submitted" });
  if ("keptFor" in begun && begun.keptFor === "test") {
    return answerNotice(200, "Test received", "It is in the editor now. Nothing was started.");
  }
  // What comes next is on the pages of the execution's own form.
  if ("executionId" in begun && hasPages) return openFormRun(begun.executionId);
  if ("keptFor" in begun || settings.responseMode === "submitted") return showEnding(endingOfTrigger(settings, null));
  const outcome = await outcomeOf(begun.engine, begun.executionId, "end", request.signal);
  if (!outcome) return answerNotice(202, "Thank you", "Your answer was sent, and is still being worked on.");
  if (outcome.status !== "succeeded")
    return answerNotice(500, "That did not work", "Your answer was received, but it could not be worked on.");
  return showEnding(endingOfTrigger(settings, saidBy(outcome.lastItems)));
}
