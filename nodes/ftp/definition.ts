import { defineNode } from "@/flow/node/define-node";
import { isRepeatableOnFiles, REMOTE_FILE_SAMPLE, remoteFileEffect, remoteFileParameters } from "../remote-file-parameters";

export const ftp = defineNode({
  type: "ftp",
  version: 1,
  name: "FTP",
  description: "Lists, downloads, uploads, renames and deletes files of an FTP server, with TLS (FTPS) or without.",
  docs: "The credential has the fields `host`, `port`, `user` and `password`, and `secure`: `explicit` (TLS is asked for, as FTPS on port 21 does; so without a value), `implicit` (TLS from the start, as on port 990) or `none`. Files go over connections of their own, always to the host of the credential: a server of a private network needs its passive ports on the installation's `HTTP_ALLOWLIST` too.",
  category: "integration",
  icon: "folder-up",
  parameters: remoteFileParameters,
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "ftp", label: "FTP server", types: ["custom"], kind: "ftp", required: true }],
  effect: remoteFileEffect,
  repeatable: isRepeatableOnFiles,
  sample: REMOTE_FILE_SAMPLE,
});
