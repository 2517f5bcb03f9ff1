import { env } from "../../env";
import { readBody } from "../../rest/body";
import { readFormData } from "../../rest/form-data";
import { outcomeOf } from "../webhook";
import { answering, begin, saidBy } from "./answer-public";
import { type FormSettings, findDraft, findPublished, type PublicTrigger } from "./find";
import { formPage } from "./form-page";
import { answerAbsent, answerNotice, answerPage, escapeHtml, paragraphs, refuseStranger } from "./page";
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
  if (request.method !== "POST") return formPage(settings, !form.live);
  const given = await readFormData(request, await readBody(request, env().MAX_BODY_BYTES));
  const sent = await readSubmission(settings.fields, given, form.live ? "production" : "test");
  if (sent.errors.size > 0) return formPage(settings, !form.live, sent);
  const submission = given.get(SUBMISSION);
  const dedupeKey = typeof submission === "string" && submission !== "" ? `form:${submission.slice(0, 100)}` : null;
  const begun = await begin("form", form, sent.item, dedupeKey);
  if (!begun) return answerNotice(200, "Test received", "It is in the editor now. Nothing was started.");
  if (settings.responseMode === "submitted") return thanks(settings, null);
  const outcome = await outcomeOf(begun.engine, begun.executionId, "end", request.signal);
  if (!outcome) return answerNotice(202, "Thank you", "Your answer was sent, and is still being worked on.");
  if (outcome.status !== "succeeded")
    return answerNotice(500, "That did not work", "Your answer was received, but it could not be worked on.");
  return thanks(settings, saidBy(outcome.lastItems));
}

function thanks(settings: FormSettings, said: string | null): Response {
  const target = settings.respondWith === "redirect" ? webAddress(settings.redirectUrl) : null;
  const title = settings.title || "Form";
  if (!target) return answerPage({ title, content: `<h1>${escapeHtml(title)}</h1>${paragraphs(said ?? settings.responseText)}` });
  // A redirect in answer to a form is held against the pages that a form may send to; this is not.
  const head = `<meta http-equiv="refresh" content="0;url=${escapeHtml(target)}">`;
  return answerPage({ title, head, content: `<p>Go on to <a href="${escapeHtml(target)}">${escapeHtml(target)}</a>.</p>` });
}

function webAddress(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  return url && (url.protocol === "https:" || url.protocol === "http:") ? url.href : null;
}
