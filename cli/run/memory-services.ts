import { FatalError } from "@/flow/execution/errors";
import type { NodeServices } from "@/flow/interpreter/execute-visit";
import { createMemoryStorage, type MemoryStorage } from "@/flow/node/memory-storage";
import { readyAction } from "@/server/catalog/ready-action";
import type { Environment } from "@/server/env";
import { createHostCheck } from "@/server/http/check-host";
import { createConnect } from "@/server/http/connect";
import { createHttpClient } from "@/server/http/guarded-client";
import { daytonaOf } from "@/server/sandbox/daytona/configure";
import { createSandbox } from "@/server/sandbox/sandbox";
import { httpAllowlist } from "../settings";
import { fileCredentials } from "./file-credentials";

export interface MemoryServices extends NodeServices {
  /** What the flow of a file keeps, and no other. */
  storageOf(file: string): NodeServices["storage"];
  close(): Promise<void>;
}

/** The services of a run without a server: files stay in their items, and what nodes say goes to standard error. */
export function createMemoryServices(settings: Environment, credentialFile?: string): MemoryServices {
  const allowlist = httpAllowlist(settings);
  const http = createHttpClient({ allowlist });
  const storages = new Map<string, MemoryStorage>();
  const sandbox = createSandbox({ daytona: daytonaOf(settings, http) });
  return {
    http,
    credentials: fileCredentials(credentialFile, http),
    sandbox,
    async action(reference) {
      const found = await readyAction(reference);
      if (found) return found;
      throw new FatalError(
        `There is no tool "${reference.tool}" here: a run without a server knows the tools of the catalog, and none that an organization has registered`,
      );
    },
    storage: createMemoryStorage().of,
    storageOf(file) {
      const known = storages.get(file) ?? createMemoryStorage();
      storages.set(file, known);
      return known.of;
    },
    checkHost: createHostCheck({ allowlist }),
    connect: createConnect({ allowlist }),
    readBinary: async (binary) => {
      if (binary.data === undefined) throw new FatalError(`The file "${binary.fileName ?? "without a name"}" has no content here`);
      return Buffer.from(binary.data, "base64");
    },
    writeBinary: async (bytes, info) => ({ ...info, fileSize: bytes.byteLength, data: Buffer.from(bytes).toString("base64") }),
    log: ({ nodeId }, level, message) => void process.stderr.write(`${level} ${nodeId}: ${message}\n`),
    close: async () => void (await Promise.all([http.close(), sandbox.close()])),
  };
}
