"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import Link from "next/link";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { useCan } from "@/components/shell/session";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LoadMore } from "@/components/ui/load-more";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { auditActor, auditDetail, auditPage, auditSentence } from "./audit-text";
import { AdminsOnly, Section } from "./section";

export function AuditSettings() {
  const isAdmin = useCan("admin");
  return (
    <Section title="Audit log" description="Who changed what in this organization, newest first">
      {isAdmin ? <AuditList /> : <AdminsOnly what="The log names everybody's changes." />}
    </Section>
  );
}

function AuditList() {
  const trpc = useTRPC();
  const list = useInfiniteQuery(trpc.audit.list.infiniteQueryOptions({}, { getNextPageParam: (page) => page.nextCursor }));
  const records = list.data?.pages.flatMap((page) => page.records) ?? [];
  if (list.isPending) {
    return (
      <Card className="divide-y divide-border-subtle" aria-busy="true">
        {[62, 48, 70, 55].map((width) => (
          <div key={width} className="flex h-12 items-center px-4">
            <Skeleton className="h-4" style={{ width: `${width}%` }} />
          </div>
        ))}
      </Card>
    );
  }
  if (list.isError && records.length === 0) {
    return <LoadError title="The audit log could not be loaded" query={list} />;
  }
  if (records.length === 0) {
    return (
      <Card>
        <EmptyState icon={ScrollText} title="Nothing has been changed yet">
          Each change of a flow, member, key or setting leaves a line here, with who did it and when.
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      <Card>
        <ol className="divide-y divide-border-subtle">
          {records.map((record) => (
            <li key={record.id} className="flex min-h-12 items-center gap-3 px-4 py-2">
              <div className="min-w-0 flex-1">
                <p className="break-words">
                  <span className="font-medium">{auditActor(record)}</span>{" "}
                  <Sentence text={auditSentence(record.action)} href={auditPage(record)} />
                </p>
                <p className="truncate font-mono text-muted-foreground text-xs" title={auditDetail(record)}>
                  {auditDetail(record)}
                </p>
              </div>
              <RelativeTime at={record.at} className="shrink-0 text-muted-foreground text-xs" />
            </li>
          ))}
        </ol>
      </Card>
      {list.hasNextPage ? (
        <LoadMore loading={list.isFetchingNextPage} failed={list.isFetchNextPageError} onLoad={list.fetchNextPage} />
      ) : null}
    </>
  );
}

/** What was done, as a link to what it was done to. */
function Sentence({ text, href }: { text: string; href: string | null }) {
  if (href === null) return text;
  return (
    <Link href={href} className="rounded-sm outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring">
      {text}
    </Link>
  );
}
