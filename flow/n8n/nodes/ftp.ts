import type { JsonObject } from "../../item";
import type { NodeMapping } from "../source";

/** FTP 1, as far as it is SFTP. */
export const ftp: NodeMapping = (source) => {
  const operation = source.text("operation", "download");
  if (source.text("protocol", "ftp") !== "sftp") {
    return { type: "no-op", parameters: {}, placeholder: "speaks FTP, which has no counterpart; SFTP has one" };
  }
  source.ignore("options.timeout");
  const isFile = source.flag("binaryData", true) !== false;
  const parameters = ((): JsonObject | null => {
    switch (operation) {
      case "list":
        return { operation, path: source.text("path", "/"), recursive: source.flag("recursive") };
      case "download":
        return { operation, path: source.text("path"), file: source.text("binaryPropertyName", "data") };
      case "upload":
        return {
          operation,
          path: source.text("path"),
          source: isFile ? "file" : "text",
          ...(isFile ? { file: source.text("binaryPropertyName", "data") } : { text: source.text("fileContent") }),
        };
      case "rename":
        return {
          operation,
          path: source.text("oldPath"),
          newPath: source.text("newPath"),
          createFolders: source.flag("options.createDirectories"),
        };
      case "delete":
        source.ignore("options.recursive");
        return { operation, path: source.text("path"), folder: source.flag("options.folder") };
      default:
        return null;
    }
  })();
  if (!parameters) return { type: "no-op", parameters: {}, placeholder: `does "${operation}", which has no counterpart` };
  return { type: "sftp", parameters, credentials: { sftp: "sftp" } };
};
