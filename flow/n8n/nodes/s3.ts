import type { JsonObject } from "../../item";
import type { NodeMapping, Source } from "../source";

/** `/bucket/a key` in its two parts. */
function path(source: Source, name: string): { bucket: string; key: string } {
  const text = source.text(name);
  const [, prefix = "", bucket = "", key = ""] = /^(=?)\/?([^/{}]+)\/(.*)$/.exec(text) ?? [];
  if (bucket === "") source.missing(name, `cannot be taken apart into bucket and key: ${text.slice(0, 100)}`);
  return { bucket, key: key === "" ? "" : `${prefix}${key}` };
}

const bucketAt = (source: Source, name: string): string => source.text(name);

function mapped(source: Source): JsonObject | null {
  const resource = source.text("resource", "file");
  const operation = source.text("operation", resource === "bucket" ? "create" : "download");
  switch (`${resource}.${operation}`) {
    case "bucket.getAll":
      source.ignore("returnAll", "limit");
      return { operation: "listBuckets" };
    case "bucket.create":
      return { operation: "createBucket", bucket: bucketAt(source, "name") };
    case "bucket.delete":
      return { operation: "deleteBucket", bucket: bucketAt(source, "name") };
    case "bucket.search":
      return {
        operation: "list",
        bucket: bucketAt(source, "bucketName"),
        prefix: source.text("additionalFields.prefix"),
        delimiter: source.text("additionalFields.delimiter"),
        limit: source.flag("returnAll") === true ? 0 : source.number("limit", 100),
      };
    case "file.getAll":
      source.ignore("options.fetchOwner");
      return {
        operation: "list",
        bucket: bucketAt(source, "bucketName"),
        prefix: source.text("options.folderKey"),
        limit: source.flag("returnAll") === true ? 0 : source.number("limit", 100),
      };
    case "file.download":
      return {
        operation: "download",
        bucket: bucketAt(source, "bucketName"),
        key: source.text("fileKey"),
        file: source.text("binaryPropertyName", "data"),
      };
    case "file.delete":
      return { operation: "delete", bucket: bucketAt(source, "bucketName"), key: source.text("fileKey") };
    case "file.copy": {
      const [from, to] = [path(source, "sourcePath"), path(source, "destinationPath")];
      return { operation: "copy", bucket: to.bucket, key: to.key, sourceBucket: from.bucket, sourceKey: from.key };
    }
    case "file.upload": {
      const folder = source.text("additionalFields.parentFolderKey").replace(/\/+$/, "");
      const name = source.text("fileName");
      const key =
        folder === "" ? name : `${/^=/.test(folder) || /^=/.test(name) ? "=" : ""}${folder.replace(/^=/, "")}/${name.replace(/^=/, "")}`;
      const isFile = source.flag("binaryData", true) !== false;
      return {
        operation: "upload",
        bucket: bucketAt(source, "bucketName"),
        key,
        source: isFile ? "file" : "text",
        ...(isFile ? { file: source.text("binaryPropertyName", "data") } : { text: source.text("fileContent") }),
        storageClass: source
          .text("additionalFields.storageClass")
          .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
          .toUpperCase(),
      };
    }
    case "folder.create":
      return {
        operation: "upload",
        bucket: bucketAt(source, "bucketName"),
        key: `${source.text("folderName")}/`,
        source: "text",
        text: "",
      };
    default:
      return null;
  }
}

const mapping =
  (credential: string): NodeMapping =>
  (source) => {
    const parameters = mapped(source);
    if (!parameters) {
      const what = `${source.text("resource", "file")}: ${source.text("operation")}`;
      return { type: "no-op", parameters: {}, placeholder: `does "${what}", which has no counterpart` };
    }
    return { type: "s3", parameters, credentials: { s3: credential } };
  };

/** AWS S3 1–2. */
export const awsS3 = mapping("aws");

/** S3 1, of others than AWS. */
export const s3 = mapping("s3");
