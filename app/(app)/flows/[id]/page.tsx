import type { Metadata } from "next";
import { FlowEditor } from "@/components/editor/flow-editor";
import { FlowTitle } from "@/components/flows/flow-title";

export const metadata: Metadata = { title: "Flow" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  // Another flow is another editor: none of its state may carry over.
  return (
    <>
      <FlowTitle flowId={id} />
      <FlowEditor key={id} flowId={id} />
    </>
  );
}
