import { z } from "zod";
import { CREDENTIAL_TYPES, type CredentialSlot } from "@/flow/credentials/types";
import type { JsonObject } from "@/flow/item";
import { field } from "@/flow/node/field";

/** Whether a node's requests carry the credential of `httpCredential`. */
export const authenticationField = (hints: { advanced?: true } = {}) =>
  field(z.enum(["none", "credential"]).default("none"), "Authentication", {
    labels: { none: "None", credential: "With a credential" },
    description: "A credential is added to the request on its way out: no step sees it, and it goes to its own hosts only.",
    ...hints,
  });

/** The slot that `authenticationField` opens. */
export const httpCredential = ({ authentication }: JsonObject): CredentialSlot[] =>
  authentication === "credential" ? [{ name: "credential", types: [...CREDENTIAL_TYPES], required: true }] : [];

export const ignoreTlsErrorsField = field(z.boolean().default(false), "Ignore certificate errors", {
  description: "Only for servers that you know.",
  advanced: true,
});
