import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { FormEnding } from "@/flow/forms/form-page";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { limitOf } from "../wait-limit";
import { webAddress } from "../web-address";
import type { form } from "./definition";
import { fieldsFromJson } from "./fields-from-json";

type Parameters = z.infer<typeof form.parameters>;

export const execute: NodeExecutor<Parameters> = async (context) => {
  const parameters = context.parameters(0);
  const outputs = [context.items.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
  if (parameters.operation === "ending") return { outputs, ending: endingOf(parameters, context) };
  const { title, description, buttonLabel, fieldsFrom, fieldsJson } = parameters;
  const fields = fieldsFrom === "json" ? fieldsFromJson(fieldsJson) : parameters.fields;
  const { timezone } = await context.scopeData([]);
  const until = limitOf(parameters, timezone);
  return {
    outputs,
    suspend: {
      kind: "event",
      event: "resume",
      form: "form",
      page: { title, description, fields, buttonLabel },
      ...(until !== undefined && { until }),
    },
  };
};

function endingOf(parameters: Parameters, { items }: NodeContext<Parameters>): FormEnding {
  const { endWith, endTitle: title, endText: text, redirectUrl, html, fileField } = parameters;
  if (endWith === "html") return { kind: "html", html };
  if (endWith === "redirect") {
    const url = webAddress(redirectUrl);
    if (url === null) throw new ParameterError("redirectUrl", `"${redirectUrl.slice(0, 100)}" is not the address of a web page`);
    return { kind: "redirect", url };
  }
  if (endWith === "text") return { kind: "text", title, text };
  const file = items[0]?.binary?.[fileField];
  if (!file) throw new ParameterError("fileField", `the first item has no file in the field "${fileField}"`);
  return { kind: "file", title, text, file };
}
