import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { flowFileText } from "@/flow/graph/export";
import type { ReadFlow } from "@/flow/n8n/read-flow";
import { CommandError, describeFailure } from "../failure";
import { describeReport } from "../run/describe-report";
import { readFlow } from "../run/read-flow";

export interface ImportOptions {
  /** Slug of the organization whose flow it becomes. */
  org?: string;
  /** Publishes it at once; only with `org`. */
  publish?: boolean;
  /** Folder for the converted flows, or the file of a single one. */
  out?: string;
  json?: boolean;
}

/**
 * Converts exported workflows, one after the other, and tells what became of them: into the app with `--org`, into files with
 * `--out`, otherwise it is only told. The exit code is 0 when every file could be read.
 */
export async function importFiles(files: string[], options: ImportOptions): Promise<void> {
  if (options.publish && !options.org) throw new CommandError("--publish needs --org: only a flow in the app can be published.");
  const target = options.org === undefined ? null : await openOrganization(options.org);
  let failed = false;
  try {
    for (const file of files) {
      try {
        const read = readFlow(file);
        const written = options.out === undefined ? null : write(read, file, options.out, files.length > 1);
        const flowId = target ? await target.create(read, options.publish ?? false) : null;
        process.stdout.write(
          options.json ? `${JSON.stringify({ file, flowId, written, ...read })}\n` : describe(file, read, { written, flowId }),
        );
      } catch (error) {
        failed = true;
        const message = describeFailure(error);
        process.stdout.write(options.json ? `${JSON.stringify({ file, error: message })}\n` : `✗ ${file}: ${message}\n`);
      }
    }
  } finally {
    await target?.close();
  }
  if (failed) process.exitCode = 1;
}

function write({ flow }: ReadFlow, file: string, out: string, several: boolean): string {
  const isFolder = several || out.endsWith("/") || (existsSync(out) && statSync(out).isDirectory());
  const written = isFolder ? path.join(out, `${path.basename(file, ".json")}.json`) : out;
  if (path.resolve(written) === path.resolve(file)) throw new CommandError(`--out would write over ${file} itself: name another folder.`);
  mkdirSync(path.dirname(written), { recursive: true });
  writeFileSync(written, flowFileText(flow));
  return written;
}

interface Target {
  /** Id of the new flow. */
  create(read: ReadFlow, publish: boolean): Promise<string>;
  close(): Promise<void>;
}

async function openOrganization(slug: string): Promise<Target> {
  const { organizationBySlug } = await import("../database/organization");
  const { organizationId, close } = await organizationBySlug(slug);
  const { createImported } = await import("@/server/services/flows/import");
  const ctx = { actor: { kind: "system", organizationId } as const, requestId: "cli" };
  return {
    create: async (read, publish) => (await createImported({ ctx, read, publish })).id,
    close,
  };
}

function describe(file: string, { flow, report }: ReadFlow, done: { written: string | null; flowId: string | null }): string {
  const where = [done.written && `written to ${done.written}`, done.flowId && `flow ${done.flowId}`]
    .filter((each) => each !== null)
    .join(", ");
  return `✓ ${file} → ${flow.name}${where === "" ? "" : ` (${where})`}\n${report ? describeReport(report) : ""}`;
}
