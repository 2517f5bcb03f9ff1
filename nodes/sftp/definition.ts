import { defineNode } from "@/flow/node/define-node";
import { isRepeatableOnFiles, REMOTE_FILE_SAMPLE, remoteFileEffect, remoteFileParameters } from "../remote-file-parameters";

export const sftp = defineNode({
  type: "sftp",
  version: 1,
  name: "SFTP",
  description: "Lists, downloads, uploads, renames and deletes files of an SFTP server.",
  docs: "The credential has the fields `host`, `port`, `user` and `password` (or `private_key` with its `passphrase`), and `fingerprint`: the server's key, as `SHA256:…`. Without it the first connection fails and names it, so that it can be compared and added.",
  category: "integration",
  icon: "folder-sync",
  parameters: remoteFileParameters,
  inputs: [{ name: "main" }],
  outputs: [{ name: "main" }],
  credentials: [{ name: "sftp", label: "SFTP server", types: ["custom"], kind: "sftp", required: true }],
  effect: remoteFileEffect,
  repeatable: isRepeatableOnFiles,
  sample: REMOTE_FILE_SAMPLE,
});
