import type { JsonObject } from "../../item";
import type { NodeMapping } from "../source";

/** FTP 1, which speaks SFTP too: here that is another node. */
export const ftp: NodeMapping = (source) => {
  const operation = source.text("operation", "download");
  const protocol = source.option("protocol", { ftp: "ftp", sftp: "sftp" }, "ftp");
  const isFile = source.flag("binaryData", true) !== false;
  const parameters = ((): JsonObject | null => {
    switch (operation) {
      case "list":
        source.changed(null, 'entries have the type "file" or "folder" here, where n8n gives "-" and "d", and no owner or rights');
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
        return {
          operation,
          path: source.text("path"),
          folder: source.flag("options.folder"),
          contents: source.flag("options.recursive"),
        };
      default:
        return null;
    }
  })();
  if (!parameters) return { type: "no-op", parameters: {}, placeholder: `does "${operation}", which has no counterpart` };
  const milliseconds = source.number("options.timeout", 0);
  if (typeof milliseconds === "number" && milliseconds >= 1000) parameters.timeoutSeconds = Math.min(milliseconds / 1000, 3600);
  return { type: protocol, parameters, credentials: { [protocol]: protocol } };
};
