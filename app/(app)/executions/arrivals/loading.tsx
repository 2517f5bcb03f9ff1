import { ArrivalsLoading } from "@/components/arrivals/arrivals-loading";

export default function Loading() {
  return <ArrivalsLoading />;
}
