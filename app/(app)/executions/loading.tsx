import { ExecutionsLoading } from "@/components/executions/executions-loading";

export default function Loading() {
  return <ExecutionsLoading />;
}
