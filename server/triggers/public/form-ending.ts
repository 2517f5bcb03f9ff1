import type { FormEnding } from "@/flow/forms/form-page";
import { webAddress } from "@/nodes/web-address";
import { answerOfNode } from "../webhook-answer";
import type { FormSettings } from "./find";
import { answerPage, escapeHtml, paragraphs } from "./page";

/** What stands at the end of a form that says nothing itself. */
export const THANKS: Extract<FormEnding, { kind: "text" }> = { kind: "text", title: "Thank you", text: "Your answer was sent." };

/** What a form trigger says at the end; `said` is what the last node gave. */
export function endingOfTrigger(settings: FormSettings, said: string | null): FormEnding {
  const url = settings.respondWith === "redirect" ? webAddress(settings.redirectUrl) : null;
  return url ? { kind: "redirect", url } : { kind: "text", title: settings.title || "Form", text: said ?? settings.responseText };
}

/** The end of a form as a page. */
export function showEnding(ending: FormEnding): Response {
  if (ending.kind === "html") {
    return answerOfNode({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8", "x-robots-tag": "noindex" },
      body: ending.html,
    });
  }
  if (ending.kind === "redirect") {
    const target = escapeHtml(ending.url);
    // A redirect in answer to a form is held against the pages that a form may send to; this is not.
    const head = `<meta http-equiv="refresh" content="0;url=${target}">`;
    return answerPage({ title: "Thank you", head, content: `<p>Go on to <a href="${target}">${target}</a>.</p>` });
  }
  const { title, text } = ending;
  const download =
    ending.kind === "file" ? `<p><a href="?download" download>Download ${escapeHtml(ending.file.fileName || "the file")}</a></p>` : "";
  return answerPage({ title: title || "Form", content: `<h1>${escapeHtml(title)}</h1>${paragraphs(text)}${download}` });
}
