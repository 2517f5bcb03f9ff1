import { FlowsLoading } from "@/components/flows/flows-loading";

export default function Loading() {
  return <FlowsLoading />;
}
