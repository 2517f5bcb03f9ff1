import type { Json, JsonObject } from "@/flow/item";
import type { ActionDefinition } from "@/flow/tools/schema";
import { isObject, type Obj, own, ownList, ownObject, ownText } from "../imported-tool";
import type { Inputs, OperationSource } from "./operations";
import { parameterFrom } from "./parameter";
import { plainSchema } from "./schemas";

/** Fields that a body may have as inputs of their own; one with more is one input. */
const MAX_FIELDS = 150;
const WITHOUT_BODY = new Set(["GET", "HEAD"]);

type Body = Pick<ActionDefinition, "bodyType" | "body" | "formStyle" | "contentType">;

interface Media {
  type: string;
  schema: JsonObject;
  required: boolean;
  description?: string | undefined;
  encoding?: Obj | undefined;
}

/** What an operation sends, with an input for each of its fields. */
export function readRequestBody(source: OperationSource, inputs: Inputs, notes: string[]): Body {
  const media = source.isLegacy ? legacyMedia(source) : mediaOf(source, notes);
  if (!media) return { bodyType: "none" };
  if (WITHOUT_BODY.has(source.method)) {
    if (isObject(media.schema.properties) && Object.keys(media.schema.properties).length > 0)
      notes.push(`A ${source.method} request has no body: the document's is left out`);
    return { bodyType: "none" };
  }
  const { type, schema } = media;
  if (/json/i.test(type)) {
    return { ...fieldsOrWhole(media, inputs, "json"), ...(type !== "application/json" && { contentType: type }) };
  }
  if (/x-www-form-urlencoded/i.test(type)) {
    const styles = Object.values(media.encoding ?? {}).map((each) => ownText(each, "style"));
    return { ...fieldsOrWhole(media, inputs, "form"), ...(styles.includes("deepObject") && { formStyle: "indices" as const }) };
  }
  if (/multipart/i.test(type)) return fieldsOrWhole(media, inputs, "multipart");
  const isText = /^text\/|xml|yaml|javascript|graphql/i.test(type) && schema.format !== "binary";
  const contentType = type.includes("*") ? (isText ? "text/plain" : "application/octet-stream") : type;
  const made = parameterFrom(
    "body",
    { ...schema, type: "string", format: isText ? "" : "binary" },
    { required: media.required, description: media.description },
  );
  const template = inputs.add({ ...made, ...(isText && { control: "textarea" }) }, "body");
  return { bodyType: isText ? "text" : "binary", body: template, contentType };
}

/** JSON first, then forms; what is left is sent as it is. */
const RANK = [/^application\/json/i, /json/i, /x-www-form-urlencoded/i, /multipart\/form-data/i, /multipart/i, /^text\//i, /./];

function mediaOf({ operation, references }: OperationSource, notes: string[]): Media | null {
  const given = own(operation, "requestBody");
  if (given === undefined) return null;
  const body = references.get(given);
  if (!body) {
    notes.push("The document does not have the request body that it refers to");
    return null;
  }
  const content = Object.entries(ownObject(body, "content") ?? {});
  for (const pattern of RANK) {
    const found = content.find(([type]) => pattern.test(type));
    if (!found) continue;
    const [type, media] = found;
    return {
      type,
      schema: plainSchema(own(media, "schema") ?? {}, references),
      required: body.required === true,
      description: ownText(body, "description"),
      encoding: ownObject(media, "encoding"),
    };
  }
  return null;
}

function legacyMedia({ operation, item, references, consumes }: OperationSource): Media | null {
  const parameters = [...ownList(item, "parameters"), ...ownList(operation, "parameters")].flatMap((each): Obj[] =>
    [references.get(each)].filter(isObject),
  );
  const types = ownList(operation, "consumes").filter((type): type is string => typeof type === "string");
  const accepted = types.length > 0 ? types : consumes;
  const body = parameters.findLast((each) => each.in === "body");
  if (body) {
    const type = accepted.find((each) => /json/i.test(each)) ?? accepted[0] ?? "application/json";
    return {
      type,
      schema: plainSchema(own(body, "schema") ?? {}, references),
      required: body.required === true,
      description: ownText(body, "description"),
    };
  }
  const fields = parameters.filter((each) => each.in === "formData" && typeof each.name === "string");
  if (fields.length === 0) return null;
  const hasFile = fields.some((each) => each.type === "file");
  const type = hasFile || accepted.some((each) => /multipart/i.test(each)) ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const properties = Object.fromEntries(
    fields.map((each) => [
      String(each.name),
      plainSchema(
        each.type === "file" ? { ...each, type: "string", format: "binary", required: undefined } : { ...each, required: undefined },
        references,
      ),
    ]),
  );
  const required = fields.filter((each) => each.required === true).map((each) => String(each.name));
  return { type, schema: { type: "object", properties, required }, required: required.length > 0 };
}

function fieldsOrWhole(media: Media, inputs: Inputs, bodyType: "json" | "form" | "multipart"): Body {
  const { schema } = media;
  const properties = isObject(schema.properties) ? Object.entries(schema.properties as JsonObject) : [];
  const fields = properties.filter(([name, property]) => name !== "" && !(isObject(property) && property.readOnly === true));
  if (schema.type !== "array" && fields.length > 0 && fields.length <= MAX_FIELDS) {
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const body: JsonObject = {};
    for (const [name, property] of fields) {
      if (name === "constructor" || name === "prototype") continue;
      body[name] = inputs.add(parameterFrom(name, property as JsonObject, { required: media.required && required.has(name) }), "body");
    }
    return { bodyType, body };
  }
  const types = [schema.type].flat();
  // One value of any kind: an object, unless the document says otherwise.
  const whole: JsonObject = types.length === 1 && typeof types[0] === "string" ? schema : { ...schema, type: "object" };
  const template: Json = inputs.add(parameterFrom("body", whole, { required: media.required, description: media.description }), "body");
  return { bodyType, body: template };
}
