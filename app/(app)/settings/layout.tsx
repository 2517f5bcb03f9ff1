import type { ReactNode } from "react";
import { SettingsNav } from "@/components/settings/settings-nav";
import { PageBody, PageHeader } from "@/components/shell/page-header";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <PageBody>
      <PageHeader title="Settings" />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 md:grid-cols-[11rem_minmax(0,1fr)] md:gap-10">
        <SettingsNav />
        <div className="grid max-w-3xl grid-cols-[minmax(0,1fr)] content-start gap-8">{children}</div>
      </div>
    </PageBody>
  );
}
