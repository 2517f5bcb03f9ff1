import { z } from "zod";
import type { JsonObject } from "@/flow/item";
import { defineNode, type Effect } from "@/flow/node/define-node";
import { field } from "@/flow/node/field";

const READING: ReadonlySet<unknown> = new Set([undefined, "list", "download", "listBuckets"]);

export const s3 = defineNode({
  type: "s3",
  version: 1,
  name: "S3",
  description: "Lists, downloads, uploads, copies and deletes the objects of buckets: of AWS, MinIO, R2 and others that speak S3.",
  docs: "The credential has the fields `access_key_id`, `secret_access_key` and `region`, with temporary keys `session_token`, and for others than AWS `endpoint`: `https://minio.example.com`. It must be bound to the hosts of its buckets: `*.amazonaws.com`, or the endpoint's.",
  category: "integration",
  icon: "archive",
  parameters: z.object({
    operation: field(
      z.enum(["list", "download", "upload", "copy", "delete", "listBuckets", "createBucket", "deleteBucket"]).default("list"),
      "Operation",
      {
        labels: {
          list: "List objects",
          download: "Download an object",
          upload: "Upload an object",
          copy: "Copy an object",
          delete: "Delete an object",
          listBuckets: "List buckets",
          createBucket: "Create a bucket",
          deleteBucket: "Delete a bucket",
        },
      },
    ),
    bucket: field(z.string().default(""), "Bucket", {
      showIf: { operation: ["list", "download", "upload", "copy", "delete", "createBucket", "deleteBucket"] },
      required: true,
    }),
    key: field(z.string().default(""), "Key", {
      placeholder: "reports/2026.pdf",
      showIf: { operation: ["download", "upload", "copy", "delete"] },
      required: true,
    }),
    sourceBucket: field(z.string().default(""), "From bucket", {
      description: "The same bucket without a value.",
      showIf: { operation: ["copy"] },
    }),
    sourceKey: field(z.string().default(""), "From key", { showIf: { operation: ["copy"] }, required: true }),
    source: field(z.enum(["file", "text"]).default("file"), "Content", {
      labels: { file: "A file of the item", text: "Text" },
      showIf: { operation: ["upload"] },
    }),
    file: field(z.string().min(1).default("data"), "File", {
      description: "Name of the item's file.",
      showIf: { operation: ["upload", "download"] },
    }),
    text: field(z.string().default(""), "Text", { control: "textarea", showIf: { operation: ["upload"], source: ["text"] } }),
    contentType: field(z.string().default(""), "Content type", {
      description: "The file's own without a value.",
      showIf: { operation: ["upload"] },
      advanced: true,
    }),
    storageClass: field(z.string().default(""), "Storage class", {
      placeholder: "STANDARD_IA",
      showIf: { operation: ["upload", "copy"] },
      advanced: true,
    }),
    acl: field(z.string().default(""), "Access", { placeholder: "private", showIf: { operation: ["upload", "copy"] }, advanced: true }),
    prefix: field(z.string().default(""), "Prefix", { placeholder: "reports/", showIf: { operation: ["list"] } }),
    delimiter: field(z.string().max(10).default(""), "Delimiter", {
      description: "With / only what is directly below the prefix is listed.",
      showIf: { operation: ["list"] },
      advanced: true,
    }),
    limit: field(z.number().int().min(0).max(100_000).default(100), "Limit", {
      description: "0 for no limit.",
      showIf: { operation: ["list"] },
    }),
    region: field(z.string().default(""), "Region", { description: "The credential's without a value.", advanced: true }),
  }),
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "s3", label: "S3", types: ["custom"], kind: "s3", required: true }],
  effect: ({ operation }: JsonObject): Effect => (READING.has(operation) ? "read" : "write"),
  sample: [{ Key: "reports/2026.pdf", LastModified: "2026-01-31T09:30:00.000Z", ETag: '"9b2cf5"', Size: 48213, StorageClass: "STANDARD" }],
});
