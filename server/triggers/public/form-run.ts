import { randomBytes } from "node:crypto";
import type { Item } from "@/flow/item";
import { env } from "../../env";
import { readBinary, writeBinary } from "../../execution/payloads";
import type { IncomingCall } from "../../http/incoming-call";
import { readBody } from "../../rest/body";
import { readFormData } from "../../rest/form-data";
import { ServiceError } from "../../services/errors";
import { deliver } from "../../services/executions/resume";
import { sql } from "../../sql";
import { formPath, isFormToken } from "../resume-links";
import { answering } from "./answer-public";
import { showEnding } from "./form-ending";
import { formPage } from "./form-page";
import { type FormRun, type FormRunState, readFormRun } from "./form-run-state";
import { answerAbsent, answerNotice, answerPage } from "./page";
import { PAGE, readSubmission } from "./submission";

/**
 * The pages that an execution asks somebody to fill in, at one address: the page that it waits for, else that it is at work, else
 * how the form ended. Each page counts once; whoever comes late is led to where the form stands.
 */
export const handleFormRun = (request: Request, { executionId, token }: { executionId: string; token: string }): Promise<Response> =>
  answering("form", async () => {
    if (!isFormToken(executionId, token)) return answerAbsent();
    const run = await readFormRun(executionId);
    if (!run) return answerAbsent();
    if (request.method === "POST") return receive(request, run);
    const { searchParams } = new URL(request.url);
    if (request.headers.get("accept") === "application/json") return Response.json({ state: nameOf(run.state) }, { headers: NO_STORE });
    if (searchParams.has("download")) return download(run);
    return show(run, searchParams.has("late"));
  });

const NO_STORE = { "cache-control": "no-store" };

/** Leads to the form of an execution, once there is something to show there or a moment has passed. */
export async function openFormRun(executionId: string, isLate = false): Promise<Response> {
  await settled(executionId);
  return new Response(null, { status: 303, headers: { location: `${formPath(executionId)}${isLate ? "?late" : ""}`, ...NO_STORE } });
}

const SETTLING_MS = [20, 30, 50, 80, 120, 200, 300, 400];

/** Most flows need no time between two pages worth showing: then nobody sees that it is at work. */
async function settled(executionId: string): Promise<void> {
  for (const ms of SETTLING_MS) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    const run = await readFormRun(executionId);
    if (run?.state.kind !== "working") return;
  }
}

/** Tells one thing to show from another. */
const nameOf = (state: FormRunState): string => (state.kind === "page" ? `page ${state.key}` : state.kind);

async function receive(request: IncomingCall, run: FormRun): Promise<Response> {
  const { executionId, organizationId, state } = run;
  const given = await readFormData(request, await readBody(request, env().MAX_BODY_BYTES));
  if (state.kind !== "page" || given.get(PAGE) !== state.key) return openFormRun(executionId, true);
  const { key, page } = state;
  const sent = await readSubmission(page.fields, given, run.isTest ? "test" : "production");
  if (sent.errors.size > 0) return formPage(page, { sent, page: key });
  const { json, binary } = await kept(sent.item, { organizationId, executionId });
  try {
    await deliver({ organizationId, executionId, key, payload: binary ? { json, binary: JSON.parse(JSON.stringify(binary)) } : { json } });
  } catch (error) {
    // Another tab, or the second click, was quicker; or the time ran out just now.
    if (!(error instanceof ServiceError && error.code === "conflict")) throw error;
    return openFormRun(executionId, true);
  }
  return openFormRun(executionId);
}

/** Files go to the payload store before the answers are passed on: what wakes an execution is small. */
async function kept({ json, binary }: Item, owner: { organizationId: string; executionId: string }): Promise<Item> {
  if (!binary) return { json };
  const files = await Promise.all(
    Object.entries(binary).map(async ([name, file]) => {
      const { mimeType, fileName, data = "" } = file;
      return [name, await writeBinary(sql(), owner, Buffer.from(data, "base64"), { mimeType, ...(fileName && { fileName }) })] as const;
    }),
  );
  return { json, binary: Object.fromEntries(files) };
}

const LATE = "That page is closed: it was sent already, or its time ran out. The form goes on here.";

function show({ state, title }: FormRun, isLate: boolean): Response {
  switch (state.kind) {
    case "page":
      return formPage(state.page, { page: state.key, ...(isLate && { notice: LATE }) });
    case "ended":
      return showEnding(state.ending);
    case "working":
      return waitingPage(title, "One moment", "Your answers were received and are being worked on. This page goes on by itself.");
    case "paused":
      return waitingPage(title, "Paused", "Your answers were received. This form is paused at the moment and goes on later, on this page.");
    case "failed":
      return answerNotice(
        500,
        "That did not work",
        "Your answers were received, but something went wrong with them. Ask whoever gave you the link.",
      );
    case "timed_out":
      return answerNotice(410, "The time is over", "This form was not finished in time. Begin again to send it.");
    case "cancelled":
      return answerNotice(410, "This form was closed", "It was taken back while it was being filled in. Ask whoever gave you the link.");
  }
}

/** Asks in growing intervals whether there is something new, and shows it; without scripts the browser asks every few seconds. */
const POLLING = `(() => {
  const shown = document.querySelector("main").dataset.state;
  let wait = 700;
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: "application/json" }, cache: "no-store" });
      if (answer.status === 404 || (answer.ok && (await answer.json()).state !== shown)) return location.replace(location.pathname);
    } catch {}
    wait = Math.min(wait * 1.3, 8000);
    setTimeout(ask, document.hidden ? Math.max(wait, 5000) : wait);
  };
  setTimeout(ask, wait);
})();`;

const WAITING_STYLE = `.dots{display:flex;gap:.4rem;margin-top:1rem}.dots i{width:.55rem;height:.55rem;border-radius:50%;background:var(--accent);animation:dot 1.4s infinite ease-in-out}
.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}@keyframes dot{0%,80%,100%{opacity:.25}40%{opacity:1}}
@media (prefers-reduced-motion:reduce){.dots i{animation:none;opacity:.6}}`;

function waitingPage(title: string, heading: string, text: string): Response {
  const nonce = randomBytes(16).toString("base64");
  const state = heading === "Paused" ? "paused" : "working";
  return answerPage({
    title: `${heading} · ${title}`,
    nonce,
    style: WAITING_STYLE,
    head: `<noscript><meta http-equiv="refresh" content="4"></noscript>`,
    state,
    content:
      `<h1>${heading}</h1><p role="status">${text}</p><div class="dots" aria-hidden="true"><i></i><i></i><i></i></div>` +
      `<script nonce="${nonce}">${POLLING}</script>`,
  });
}

async function download({ state, organizationId }: FormRun): Promise<Response> {
  if (state.kind !== "ended" || state.ending.kind !== "file") return answerAbsent();
  const { file } = state.ending;
  const bytes = await readBinary(sql(), organizationId, file);
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": file.mimeType,
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName || "file")}`,
      "content-security-policy": "sandbox",
      "x-content-type-options": "nosniff",
      ...NO_STORE,
    },
  });
}
