import type { Metadata } from "next";
import { ArrivalsPage } from "@/components/arrivals/arrivals-page";

export const metadata: Metadata = { title: "Arrivals" };

export default function Page() {
  return <ArrivalsPage />;
}
