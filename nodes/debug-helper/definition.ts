import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const fails = { category: ["throwError"] };
const makes = { category: ["randomData"] };

export const debugHelper = defineNode({
  type: "debug-helper",
  version: 1,
  name: "Debug Helper",
  description: "Fails on purpose or makes random data, to try a flow out.",
  category: "flow",
  icon: "wrench",
  parameters: z.object({
    category: field(z.enum(["doNothing", "throwError", "randomData"]).default("throwError"), "Do", {
      labels: { doNothing: "Nothing", throwError: "Fail", randomData: "Make random data" },
    }),
    throwErrorMessage: field(z.string().default("Node has thrown an error"), "Message", { showIf: fails }),
    retriable: field(z.boolean().default(true), "May be retried", {
      description: "Off: the node fails for good, whatever its settings say.",
      showIf: fails,
    }),
    randomDataType: field(
      z.enum(["user", "address", "coordinates", "email", "url", "uuid", "ipv4", "ipv6", "macAddress", "semver"]).default("user"),
      "Data",
      {
        labels: {
          user: "Users",
          address: "Addresses",
          coordinates: "Coordinates",
          email: "E-mail addresses",
          url: "URLs",
          uuid: "UUIDs",
          ipv4: "IPv4 addresses",
          ipv6: "IPv6 addresses",
          macAddress: "MAC addresses",
          semver: "Versions",
        },
        showIf: makes,
      },
    ),
    randomDataCount: field(z.number().int().min(1).max(100_000).default(10), "Items", { showIf: makes }),
    randomDataSeed: field(z.string().default(""), "Seed", {
      description: "The same seed makes the same data. Empty: other data every time.",
      showIf: makes,
    }),
    randomDataSingleArray: field(z.boolean().default(false), "As one list", { showIf: makes, advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
