import type { Metadata } from "next";
import { FlowEditor } from "@/components/editor/flow-editor";
import { FlowTitle } from "@/components/flows/flow-title";

export const metadata: Metadata = { title: "Flow" };

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ node?: string | string[] }>;
}

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  const { node } = await searchParams;
  // Another flow is another editor: none of its state may carry over.
  return (
    <>
      <FlowTitle flowId={id} />
      <FlowEditor key={id} flowId={id} nodeId={typeof node === "string" ? node : undefined} />
    </>
  );
}
