import type { Metadata } from "next";
import { ReadyToolPage } from "@/components/tools/ready-tool-page";

export const metadata: Metadata = { title: "Tool" };

export default async function Page({ params }: { params: Promise<{ key: string }> }) {
  const { key } = await params;
  return <ReadyToolPage key={key} toolKey={key} />;
}
