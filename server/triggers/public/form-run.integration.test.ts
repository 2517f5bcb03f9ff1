import { beforeAll, describe, expect, test } from "vitest";
import type { Item, JsonObject } from "@/flow/item";
import { db } from "@/server/db";
import { getEngine } from "@/server/execution/get-engine";
import type { ServiceContext } from "@/server/services/context";
import { startExecution } from "@/server/services/executions/start";
import { stepDetail } from "@/server/services/executions/step-detail";
import { createFlow } from "@/server/services/flows/create";
import { setFlowActive } from "@/server/services/flows/set-active";
import { createMember } from "@/server/testing/factories";
import { endedExecutions, eventually, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { handleResume } from "../resume";
import { formPath, resumeUrl } from "../resume-links";
import { handleForm } from "./form";
import { handleFormRun } from "./form-run";

withTestDatabase();
const running = withRunningEngine();

let ctx: ServiceContext;
beforeAll(async () => {
  ({ context: ctx } = await createMember({ role: "editor" }));
});

type Nodes = Parameters<typeof lineOf>[0];

async function publish(nodes: Nodes) {
  const graph = lineOf(nodes);
  const { id: flowId, triggers } = await createFlow({ ctx, input: { graph, publish: true } });
  return { flowId, formId: triggers[0]?.id ?? "" };
}

const NAME = { label: "Name", type: "text", required: true };
const threePages: Nodes = {
  Start: { type: "form-trigger", parameters: { title: "Order", fields: [NAME] } },
  Price: {
    type: "set",
    parameters: { include: "all", fields: [{ name: "price", type: "number", value: "={{ $json.Name.length * 2 }}" }] },
  },
  Details: {
    type: "form",
    parameters: {
      title: "=Details for {{ $json.Name }}",
      description: "=That makes {{ $json.price }} euros. <b>No markup</b>",
      fields: [
        { label: "Amount", type: "number", required: true },
        { label: "Picture", type: "file" },
      ],
      buttonLabel: "Next",
    },
  },
  Address: { type: "form", parameters: { fields: [{ label: "City", type: "text" }] } },
  End: { type: "form", parameters: { operation: "ending", endTitle: "=Thanks {{ $('Start').item.json.Name }}", endText: "Bye" } },
};

const body = (fields: Record<string, string | File>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
};
const fill = (formId: string, fields: Record<string, string | File>) =>
  handleForm(new Request(`http://localhost/form/${formId}`, { method: "POST", body: body(fields) }), formId);

const partsOf = (path: string) => {
  const [executionId = "", token = ""] = new URL(path, "http://localhost").pathname.split("/").slice(-2);
  return { executionId, token };
};
const open = (path: string, init: RequestInit = {}) => handleFormRun(new Request(new URL(path, "http://localhost"), init), partsOf(path));
const send = (path: string, fields: Record<string, string | File>) => open(path, { method: "POST", body: body(fields) });
const stateOf = async (path: string): Promise<string> =>
  (await (await open(path, { headers: { accept: "application/json" } })).json()).state;
const follow = async (answer: Response) => {
  expect(answer.status).toBe(303);
  const path = answer.headers.get("location") ?? "";
  return { path, html: await (await open(path)).text() };
};
const pageOf = (html: string) => /name="page" value="([^"]+)"/.exec(html)?.[1] ?? "";

const itemsOf = async (executionId: string, nodeId: string): Promise<Item[]> => {
  const { outputs } = await stepDetail({ ctx, input: { id: executionId, key: `${nodeId}#0` } });
  return outputs[0]?.items ?? [];
};

describe("a form of several pages", () => {
  test("shows what the flow worked out, takes each page's answers, and ends with its own words", async () => {
    const { flowId, formId } = await publish(threePages);
    const details = await follow(await fill(formId, { submission: "s1", "field-0": "Grace" }));
    expect(details.html).toContain("Details for Grace");
    expect(details.html).toContain("That makes 10 euros. &lt;b&gt;No markup&lt;/b&gt;");
    expect(details.html).toContain(">Next</button>");

    const picture = new File([new Uint8Array(20_000).fill(7)], "me.png", { type: "image/png" });
    const address = await follow(await send(details.path, { page: pageOf(details.html), "field-0": "3", "field-1": picture }));
    expect(address.path).toBe(details.path);
    // A page without a title has that of the form.
    expect(address.html).toContain("<h1>Order</h1>");
    const end = await follow(await send(address.path, { page: pageOf(address.html), "field-0": "London" }));
    expect(end.html).toContain("Thanks Grace");

    const [execution] = await endedExecutions(flowId, 1);
    expect(execution).toMatchObject({ status: "succeeded", mode: "form" });
    const [given] = await itemsOf(execution?.id ?? "", "Details");
    expect(given?.json).toEqual({
      Amount: 3,
      Picture: { filename: "me.png", mimetype: "image/png", size: 20_000 },
      submittedAt: expect.stringMatching(/^\d{4}-/),
      formMode: "production",
    });
    // Not in the signal, but in the payload store.
    expect(given?.binary?.Picture).toMatchObject({ fileName: "me.png", fileSize: 20_000, id: expect.any(String) });
    expect((await itemsOf(execution?.id ?? "", "Address"))[0]?.json).toMatchObject({ City: "London" });
    // A reload shows the end again.
    expect(await (await open(end.path)).text()).toContain("Thanks Grace");
  });

  test("takes a page once: the second click, another tab and the back button lead to where it stands", async () => {
    const { flowId, formId } = await publish(threePages);
    const first = await follow(await fill(formId, { submission: "twice", "field-0": "Ada" }));
    const again = await follow(await fill(formId, { submission: "twice", "field-0": "Ada" }));
    expect(again.path).toBe(first.path);
    expect(await db().execution.count({ where: { flowId } })).toBe(1);

    const fields = { page: pageOf(first.html), "field-0": "1" };
    const answers = await Promise.all([send(first.path, fields), send(first.path, { ...fields, "field-0": "2" })]);
    const pages = await Promise.all(answers.map(follow));
    for (const { html } of pages) expect(html).toContain(">City</label>");
    const late = await follow(await send(first.path, { ...fields, "field-0": "9" }));
    expect(late.html).toContain("That page is closed");
    expect(late.html).toContain(">City</label>");
    const { executionId } = partsOf(first.path);
    expect([1, 2]).toContain((await itemsOf(executionId, "Details"))[0]?.json.Amount);
    expect(await db().executionSignal.count({ where: { executionId } })).toBeLessThanOrEqual(1);
  });

  test("says what is wrong with an answer, keeps the others, and goes on with nothing", async () => {
    const { formId } = await publish(threePages);
    const { path, html } = await follow(await fill(formId, { "field-0": "Ada" }));
    const answer = await send(path, { page: pageOf(html), "field-0": "many" });
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(text).toContain("Enter a number.");
    expect(pageOf(text)).toBe(pageOf(html));
    expect(await stateOf(path)).toBe("page Details#0");
  });

  test("survives a restart while it waits", async () => {
    const { flowId, formId } = await publish(threePages);
    const details = await follow(await fill(formId, { "field-0": "Ada" }));
    await eventually(
      () => db().execution.findMany({ where: { flowId } }),
      ([row]) => row?.status === "waiting",
    );
    await running.restart();
    expect(await (await open(details.path)).text()).toContain("Details for Ada");
    const address = await follow(await send(details.path, { page: pageOf(details.html), "field-0": "3" }));
    await send(address.path, { page: pageOf(address.html) });
    expect((await endedExecutions(flowId, 1))[0]?.status).toBe("succeeded");
  });

  test("says that it is at work while the flow takes its time, and what became of it", async () => {
    const pause = { type: "wait", parameters: { resume: "webhook" } };
    const { flowId, formId } = await publish({ Start: threePages.Start!, Pause: pause, Next: threePages.Address! });
    const { path, html } = await follow(await fill(formId, { "field-0": "Ada" }));
    expect(html).toContain('role="status"');
    expect(html).toContain("One moment");
    expect(html).toContain('<noscript><meta http-equiv="refresh"');
    expect(await stateOf(path)).toBe("working");
    const { executionId } = partsOf(path);
    const [, token = ""] = new URL(resumeUrl(executionId)).pathname.split(`${executionId}/`);
    await handleResume(new Request(resumeUrl(executionId)), { executionId, token });
    await eventually(
      () => stateOf(path),
      (state) => state === "page Next#0",
    );

    await (await getEngine()).cancel(executionId);
    await endedExecutions(flowId, 1);
    const gone = await open(path);
    expect([gone.status, await gone.text()]).toEqual([410, expect.stringContaining("This form was closed")]);
  });

  test("says clearly that the flow failed, and nothing of why", async () => {
    const fail = { type: "stop-and-error", parameters: { message: "secret reason" } };
    const { formId, flowId } = await publish({ Start: threePages.Start!, Fail: fail, Next: threePages.Address! });
    const { path } = await follow(await fill(formId, { "field-0": "Ada" }));
    await endedExecutions(flowId, 1);
    const answer = await open(path);
    const html = await answer.text();
    expect(answer.status).toBe(500);
    expect(html).toContain("something went wrong");
    expect(html).not.toContain("secret reason");
  });

  test("goes on without answers once the time for a page is over, and says so to whoever comes late", async () => {
    const limited = {
      ...threePages.Details!,
      parameters: { ...threePages.Details!.parameters, limitWait: true, limitAmount: 0.3, limitUnit: "seconds" },
    };
    const { formId } = await publish({ Start: threePages.Start!, Price: threePages.Price!, Details: limited, Next: threePages.Address! });
    const { path, html } = await follow(await fill(formId, { "field-0": "Ada" }));
    await eventually(
      () => stateOf(path),
      (state) => state === "page Next#0",
    );
    const late = await follow(await send(path, { page: pageOf(html) || "Details#0", "field-0": "1" }));
    expect(late.html).toContain("its time ran out");
  });
});

describe("the end of a form", () => {
  const endsWith = async (parameters: JsonObject, before: Nodes = {}) => {
    const end = { type: "form", parameters: { operation: "ending", ...parameters } };
    const { formId } = await publish({ Start: { type: "form-trigger", parameters: { fields: [NAME] } }, ...before, End: end });
    const answer = await fill(formId, { "field-0": "Ada" });
    const path = answer.headers.get("location") ?? "";
    await eventually(
      () => stateOf(path),
      (state) => state !== "working",
    );
    return { path, answer: await open(path) };
  };

  test("may be another page of the web, and no script", async () => {
    const { answer } = await endsWith({ endWith: "redirect", redirectUrl: "=https://example.com/{{ $json.Name }}" });
    expect(await answer.text()).toContain('content="0;url=https://example.com/Ada"');
    const { answer: refused } = await endsWith({ endWith: "redirect", redirectUrl: "javascript:alert(1)" });
    expect(await refused.text()).not.toContain("javascript:");
  });

  test("may be HTML, which is kept apart from the app", async () => {
    const { answer } = await endsWith({ endWith: "html", html: "=<h1>Hello {{ $json.Name }}</h1>" });
    expect(await answer.text()).toBe("<h1>Hello Ada</h1>");
    expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox /);
    expect(answer.headers.get("content-security-policy")).not.toContain("allow-same-origin");
  });

  test("may be a file", async () => {
    const file = { type: "convert-to-file", parameters: { operation: "toText", sourceProperty: "Name", fileName: "name.txt" } };
    const { path, answer } = await endsWith({ endWith: "file", endTitle: "Here it is" }, { File: file });
    expect(await answer.text()).toContain("Here it is");
    const download = await open(`${path}?download`);
    expect(download.headers.get("content-disposition")).toContain("attachment");
    expect(await download.text()).toBe("Ada");
  });
});

describe("a wait for a form", () => {
  const waiting: Nodes = {
    Start: { type: "manual-trigger" },
    Ask: {
      type: "wait",
      parameters: { resume: "form", formTitle: "=Approve {{ 1 + 1 }}?", fields: [NAME], responseText: "Noted." },
    },
  };

  async function start(nodes: Nodes) {
    const graph = lineOf(nodes);
    const { id: flowId } = await createFlow({ ctx, input: { graph } });
    const { executionId } = await startExecution({ ctx, input: { flowId } });
    await eventually(
      () => db().execution.findMany({ where: { id: executionId } }),
      ([row]) => row?.status === "waiting",
    );
    return executionId;
  }

  test("is filled in at the execution's form URL, which the editor shows to those who may", async () => {
    const executionId = await start(waiting);
    const path = formPath(executionId);
    const { formUrl } = await stepDetail({ ctx, input: { id: executionId, key: "Ask#0" } });
    expect(formUrl).toMatch(new RegExp(`${path}$`));
    const { context: viewer } = await createMember({ role: "viewer", organizationId: ctx.actor.organizationId });
    expect((await stepDetail({ ctx: viewer, input: { id: executionId, key: "Ask#0" } })).formUrl).toBeNull();

    const html = await (await open(path)).text();
    expect(html).toContain("Approve 2?");
    const end = await follow(await send(path, { page: pageOf(html), "field-0": "Ada" }));
    expect(end.html).toContain("Noted.");
    await running.outcome(executionId);
    expect((await itemsOf(executionId, "Ask"))[0]?.json).toMatchObject({ Name: "Ada", formMode: "test" });
    expect((await stepDetail({ ctx, input: { id: executionId, key: "Ask#0" } })).formUrl).toBeNull();
  });

  test("cannot be ended past its fields, nor its link be used for an approval", async () => {
    const executionId = await start(waiting);
    const resumeToken = resumeUrl(executionId).split("/").at(-1) ?? "";
    const posted = await handleResume(new Request(resumeUrl(executionId), { method: "POST", body: "{}" }), {
      executionId,
      token: resumeToken,
    });
    expect(posted.status).toBe(404);
    const opened = await handleResume(new Request(resumeUrl(executionId)), { executionId, token: resumeToken });
    expect([opened.status, opened.headers.get("location")]).toEqual([303, expect.stringContaining("/form/run/")]);

    const approval = await start({ Start: { type: "manual-trigger" }, Ask: { type: "wait", parameters: { resume: "approval" } } });
    const formToken = formPath(approval).split("/").at(-1) ?? "";
    const decided = await handleResume(new Request("http://localhost", { method: "POST", body: '{"approved":true}' }), {
      executionId: approval,
      token: formToken,
    });
    expect(decided.status).toBe(404);
    await (await getEngine()).cancel(executionId);
    await (await getEngine()).cancel(approval);
  });

  test("answers a wrong link like one that never was", async () => {
    const executionId = await start(waiting);
    const other = formPath("exec_other").split("/").at(-1) ?? "";
    for (const path of [`/form/run/${executionId}/${other}`, `/form/run/${executionId}/x`, formPath("exec_nowhere")]) {
      const answer = await open(path);
      expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining("Nothing here")]);
    }
    await (await getEngine()).cancel(executionId);
  });
});

test("a form whose flow was switched off in between is finished all the same", async () => {
  const { formId, flowId } = await publish(threePages);
  const details = await follow(await fill(formId, { "field-0": "Ada" }));
  await setFlowActive({ ctx, input: { id: flowId, active: false } });
  const address = await follow(await send(details.path, { page: pageOf(details.html), "field-0": "3" }));
  expect(address.html).toContain(">City</label>");
});
