import type { JsonObject } from "../../item";
import type { NodeMapping } from "../source";

/** Statuses that n8n answers with where none is set. */
const STATUS: Readonly<Record<string, number>> = { redirect: 307, noData: 200 };

/** Respond to Webhook 1–1.4. */
export const respondToWebhook: NodeMapping = (source) => {
  const respondWith = source.option(
    "respondWith",
    {
      firstIncomingItem: "firstItem",
      allIncomingItems: "allItems",
      json: "json",
      text: "text",
      redirect: "redirect",
      noData: "noData",
    },
    "firstIncomingItem",
  );
  const body = source.value("responseBody", respondWith === "text" ? "" : "{}");
  const status = source.number("options.responseCode", STATUS[respondWith] ?? 200);
  const parameters: JsonObject = {
    respondWith,
    ...(respondWith === "json" && { json: body }),
    ...(respondWith === "text" && { text: body }),
    ...(respondWith === "redirect" && { redirectUrl: source.text("redirectURL") }),
    responseKey: source.text("options.responseKey"),
    ...(status !== 200 || respondWith === "noData" ? { status } : {}),
    headers: source.list("options.responseHeaders.entries").map(({ name, value }) => ({ name: name ?? "", value: value ?? "" })),
  };
  source.ignore("options.enableStreaming");
  return { type: "respond-to-webhook", parameters };
};
