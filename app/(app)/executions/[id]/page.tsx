import type { Metadata } from "next";
import { ExecutionDetail } from "@/components/editor/execution-detail";
import { ExecutionTitle } from "@/components/executions/execution-title";

export const metadata: Metadata = { title: "Execution" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <>
      <ExecutionTitle executionId={id} />
      <ExecutionDetail key={id} executionId={id} />
    </>
  );
}
