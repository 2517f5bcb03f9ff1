import { CanvasSkeleton } from "@/components/flows/canvas-skeleton";

export default function Loading() {
  return <CanvasSkeleton label="Loading the flow" />;
}
