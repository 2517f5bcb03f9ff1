import type { JsonObject } from "../../item";
import type { Mapped, NodeMapping } from "../source";

/** Compression 1–1.1. */
export const compression: NodeMapping = (source) => ({
  type: "compression",
  parameters: source.same("", "operation", "binaryPropertyName", "outputFormat", "fileName", "binaryPropertyOutput", "outputPrefix"),
});

/** JWT 1. The secret is in n8n's account, which an export does not hold. */
export const jwt: NodeMapping = (source) => {
  const operation = source.option("operation", { sign: "sign", verify: "verify", decode: "decode" }, "sign");
  if (operation !== "decode") source.missing(null, "its secret or key is not part of the export: set it in the node");
  return {
    type: "jwt",
    parameters: {
      operation,
      ...source.same("", "token", "useJson", "claimsJson"),
      ...source.same("claims", "issuer", "subject", "audience", "expiresIn", "notBefore", "jwtid"),
      ...source.same("options", "algorithm", "kid", "ignoreExpiration", "ignoreNotBefore", "clockTolerance", "complete"),
    },
  };
};

/** Execution Data 1–1.1. */
export const executionData: NodeMapping = (source) => {
  source.ignore("operation", "notice");
  const dataToSave = source.list("dataToSave.values").map(({ key, value }): JsonObject => ({ key: key ?? "", value: value ?? null }));
  return { type: "execution-data", parameters: { dataToSave } };
};

const RANDOM: Readonly<Record<string, string>> = {
  user: "user",
  address: "address",
  latLong: "coordinates",
  email: "email",
  url: "url",
  uuid: "uuid",
  ipv4: "ipv4",
  ipv6: "ipv6",
  macAddress: "macAddress",
  semver: "semver",
};

/** Debug Helper 1. */
export const debugHelper: NodeMapping = (source): Mapped => {
  const category = source.text("category", "throwError");
  if (!["doNothing", "throwError", "randomData"].includes(category)) {
    return { type: "no-op", parameters: {}, placeholder: `has the category "${category}", which has no counterpart` };
  }
  source.ignore("throwErrorType");
  return {
    type: "debug-helper",
    parameters: {
      category,
      ...source.same("", "throwErrorMessage", "randomDataCount", "randomDataSeed", "randomDataSingleArray"),
      ...(category === "randomData" && { randomDataType: source.option("randomDataType", RANDOM, "user") }),
    },
  };
};
