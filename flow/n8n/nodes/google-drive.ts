import type { Json } from "../../item";
import type { NodeMapping, Source } from "../source";
import { given, listing, located, reads, type ServiceCall, serviceNode, writes } from "./action-node";

const ID = /\/(?:d|folders)\/([\w-]+)/;
const fileId = (source: Source) => ({ file_id: located(source, "fileId", ID) });

/** The folder, unless it is the drive itself. */
function folder(source: Source, path = "folderId"): Json | undefined {
  source.ignore("driveId");
  const id = located(source, path, ID);
  return id === "root" ? undefined : id;
}

function search(source: Source): ServiceCall | string {
  const { inputs, parameters } = listing(source, "page_size", 1000);
  source.ignore("options.fields", "resource");
  const query = given(source, "queryString");
  if (source.text("searchMethod", "name") === "query") {
    return reads("list-files", { q: query, ...inputs }, parameters);
  }
  const parts: string[] = [];
  const text = typeof query === "string" ? query : "";
  if (text !== "") parts.push(`name contains '${text.startsWith("=") ? text.slice(1) : text.replaceAll("'", "\\'")}'`);
  const parent = folder(source, "filter.folderId");
  if (typeof parent === "string" && parent !== "") parts.push(`'${parent.replace(/^=/, "")}' in parents`);
  const what = source.text("filter.whatToSearch", "all");
  if (what !== "all") parts.push(`mimeType ${what === "folders" ? "=" : "!="} 'application/vnd.google-apps.folder'`);
  if (!source.fixedFlag("filter.includeTrashed")) parts.push("trashed = false");
  source.ignore("filter.driveId", "filter.fileTypes");
  const isExpression = text.startsWith("=") || (typeof parent === "string" && parent.startsWith("="));
  const q = parts.join(" and ");
  return reads("list-files", { q: isExpression ? `=${q}` : q, ...inputs }, parameters);
}

/** Google Drive 3; earlier versions have other parameters. */
const current = serviceNode(
  { key: "google-drive", auth: "oauth2" },
  {
    "file:upload": (source) => {
      source.ignore("options.simplifyOutput");
      return writes("upload-file", {
        file: source.text("inputDataFieldName", "data"),
        name: source.text("name", `={{ $binary[${JSON.stringify(source.text("inputDataFieldName", "data"))}].fileName }}`),
        parent_id: folder(source),
        fields: "*",
      });
    },
    "file:download": (source) => {
      source.ignore("options.binaryPropertyName", "options.fileName");
      if (source.text("options.binaryPropertyName", "data") !== "data")
        source.changed("options.binaryPropertyName", 'the file is in the field "data"');
      if (source.has("options.googleFileConversion"))
        return "downloads documents of Google's as other kinds, which has no counterpart: export them";
      return reads("download-file", fileId(source));
    },
    "file:copy": (source) =>
      writes("copy-file", {
        ...fileId(source),
        name: given(source, "name"),
        parent_id: source.fixedFlag("sameFolder", true) ? undefined : folder(source),
        description: given(source, "options.description"),
      }),
    "file:deleteFile": (source) =>
      source.fixedFlag("options.deletePermanently")
        ? writes("delete-file", fileId(source))
        : writes("update-file", { ...fileId(source), trashed: true }),
    "file:move": (source) => {
      source.changed(null, "name the folder that it is moved from, or it stays there, too");
      return writes("move-file", {
        ...fileId(source),
        to_folder_id: located(source, "folderId", ID) ?? "root",
        ...ignoring(source, "driveId"),
      });
    },
    "file:share": (source) => share(source, fileId(source).file_id),
    "file:update": (source) =>
      source.fixedFlag("changeFileContent")
        ? writes("replace-content", { ...fileId(source), file: source.text("inputDataFieldName", "data") })
        : writes("update-file", {
            ...fileId(source),
            name: given(source, "newUpdatedFileName"),
            trashed: given(source, "options.trashed"),
          }),
    "fileFolder:search": search,
    "folder:create": (source) => {
      source.ignore("options.simplifyOutput");
      return writes("create-folder", {
        name: given(source, "name"),
        parent_id: folder(source),
        color: given(source, "options.folderColorRgb"),
      });
    },
    "folder:deleteFolder": (source) => {
      const id = located(source, "folderNoRootId", ID);
      return source.fixedFlag("options.deletePermanently")
        ? writes("delete-file", { file_id: id })
        : writes("update-file", { file_id: id, trashed: true });
    },
    "folder:share": (source) => share(source, located(source, "folderNoRootId", ID)),
  },
  { resource: "file", operation: { file: "upload", fileFolder: "search", folder: "create" } },
);

function ignoring(source: Source, ...paths: string[]): Record<string, never> {
  source.ignore(...paths);
  return {};
}

function share(source: Source, id: Json | undefined): ServiceCall {
  const path = "permissionsUi.permissionsValues";
  return writes("share", {
    file_id: id,
    role: given(source, `${path}.role`),
    type: given(source, `${path}.type`),
    email_address: given(source, `${path}.emailAddress`),
    domain: given(source, `${path}.domain`),
    allow_discovery: given(source, `${path}.allowFileDiscovery`),
    message: given(source, "options.emailMessage"),
    notify: given(source, "options.sendNotificationEmail"),
    transfer_ownership: given(source, "options.transferOwnership"),
  });
}

export const googleDrive: NodeMapping = (source) =>
  source.version < 3 ? { type: "action", parameters: {}, placeholder: "in its first versions has no counterpart" } : current(source);
