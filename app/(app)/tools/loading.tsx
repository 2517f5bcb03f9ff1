import { ToolsLoading } from "@/components/tools/tools-loading";

export default function Loading() {
  return <ToolsLoading />;
}
