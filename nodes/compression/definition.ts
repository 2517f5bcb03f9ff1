import { z } from "zod";
import { defineNode } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const compress = { operation: ["compress"] };

export const compression = defineNode({
  type: "compression",
  version: 1,
  name: "Compression",
  description: "Packs files as ZIP or gzip, and unpacks them.",
  category: "data",
  icon: "box",
  parameters: z.object({
    operation: field(z.enum(["compress", "decompress"]).default("decompress"), "Operation", {
      labels: { compress: "Compress", decompress: "Decompress" },
    }),
    binaryPropertyName: field(z.string().min(1).default("data"), "Files", {
      description: "Names of the item's files, with commas between them.",
    }),
    outputFormat: field(z.enum(["zip", "gzip"]).default("zip"), "Format", {
      description: "A ZIP file takes all files, gzip makes one of each.",
      labels: { zip: "ZIP", gzip: "gzip" },
      showIf: compress,
    }),
    fileName: field(z.string().default(""), "File name", { placeholder: "files.zip", showIf: { ...compress, outputFormat: ["zip"] } }),
    binaryPropertyOutput: field(z.string().min(1).default("data"), "Put file in", {
      description: "Name of the item's file; a number follows where there are several.",
      showIf: compress,
    }),
    outputPrefix: field(z.string().min(1).default("file_"), "Prefix of files", {
      description: "Unpacked files are called file_0, file_1 and so on.",
      showIf: { operation: ["decompress"] },
    }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  effect: "pure",
});
