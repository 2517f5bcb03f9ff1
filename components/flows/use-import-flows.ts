"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC, useTRPCClient } from "@/components/providers/trpc";
import { toast } from "@/components/ui/toast";
import type { ImportReport } from "@/flow/n8n/report";

/** Above this a file is no flow that a person made. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** One file that became a flow, or did not. */
export interface ImportOutcome {
  file: string;
  flow: { id: string; name: string } | null;
  /** Null for a flow of our own. */
  report: ImportReport | null;
  error: string | null;
}

const needsAttention = ({ report, error }: ImportOutcome): boolean =>
  error !== null || report?.credentials.length !== 0 || report.issues.some(({ severity }) => severity !== "note");

async function readJson(file: File): Promise<unknown> {
  if (file.size > MAX_FILE_BYTES) throw new Error("The file is larger than 20 MB.");
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new Error("The file is not JSON. In n8n, choose Download in the workflow's menu.");
  }
}

/** Makes flows of files, one after the other. A single one that needs nothing is opened at once; else the outcomes are to be shown. */
export function useImportFlows() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const [outcomes, setOutcomes] = useState<ImportOutcome[] | null>(null);

  const importFiles = useCallback(
    async (files: readonly File[]) => {
      if (files.length === 0) return;
      setPending(true);
      const results: ImportOutcome[] = [];
      for (const file of files) {
        try {
          const { id, name, report } = await client.flows.import.mutate({ content: await readJson(file) });
          results.push({ file: file.name, flow: { id, name }, report, error: null });
        } catch (error) {
          results.push({ file: file.name, flow: null, report: null, error: errorMessage(error) });
        }
      }
      setPending(false);
      void queryClient.invalidateQueries(trpc.flows.list.pathFilter());
      const [single] = results;
      if (results.length === 1 && single?.flow && (single.report === null || !needsAttention(single))) {
        toast.success(`Imported “${single.flow.name}”`);
        router.push(`/flows/${single.flow.id}`);
      } else setOutcomes(results);
    },
    [client, queryClient, router, trpc],
  );

  return { importFiles, pending, outcomes, close: () => setOutcomes(null) };
}
