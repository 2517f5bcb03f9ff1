import { createHash, createHmac, createSign, randomBytes, randomInt, randomUUID } from "node:crypto";
import type { z } from "zod";
import { ParameterError } from "@/flow/execution/errors";
import type { NodeContext, NodeExecutor } from "@/flow/node/context";
import { setField } from "@/flow/node/field-path";
import { mapItems } from "@/flow/node/map-items";
import { fileOf } from "../files";
import type { crypto } from "./definition";

type Parameters = z.infer<typeof crypto.parameters>;

export const execute: NodeExecutor<Parameters> = (context) =>
  mapItems(context, (item, index) => {
    const parameters = context.parameters(index);
    const placed = (value: string) => ({
      ...item,
      json: setField(item.json, parameters.dataPropertyName, value),
      pairedItem: { item: index },
    });
    if (parameters.action === "sign") return placed(signed(parameters, index));
    if (parameters.action === "generate") return placed(generated(parameters));
    const value = digestible(context, parameters, index);
    return value instanceof Promise ? value.then((bytes) => placed(digest(parameters, bytes))) : placed(digest(parameters, value));
  });

function digestible(
  context: NodeContext<Parameters>,
  { binaryData, binaryPropertyName, value }: Parameters,
  index: number,
): string | Promise<Uint8Array> {
  if (!binaryData) return value;
  return context.readBinary(fileOf(context.items[index], binaryPropertyName, "binaryPropertyName", index));
}

const digest = ({ action, type, secret, encoding }: Parameters, value: string | Uint8Array): string =>
  (action === "hmac" ? createHmac(type.toLowerCase(), secret) : createHash(type.toLowerCase())).update(value).digest(encoding);

function signed({ algorithm, value, privateKey, encoding }: Parameters, itemIndex: number): string {
  if (privateKey.trim() === "") throw new ParameterError("privateKey", "is empty: paste a private key in PEM form", itemIndex);
  try {
    // Line breaks get lost in environment variables and forms of one line.
    return createSign(algorithm).update(value).sign(privateKey.replaceAll("\\n", "\n"), encoding);
  } catch {
    // OpenSSL's message may quote the key.
    throw new ParameterError(
      "privateKey",
      `can't sign with ${algorithm}: it must be a whole private key in PEM form, without a passphrase`,
      itemIndex,
    );
  }
}

const ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function generated({ encodingType, stringLength }: Parameters): string {
  if (encodingType === "uuid") return randomUUID();
  if (encodingType === "ascii") return Array.from({ length: stringLength }, () => ASCII[randomInt(ASCII.length)]).join("");
  return randomBytes(stringLength).toString(encodingType).slice(0, stringLength);
}
