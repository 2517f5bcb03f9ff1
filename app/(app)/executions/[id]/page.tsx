import type { Metadata } from "next";
import { ExecutionDetail } from "@/components/editor/execution-detail";

export const metadata: Metadata = { title: "Execution" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <ExecutionDetail key={id} executionId={id} />;
}
