"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import { notFound } from "next/navigation";
import { useState } from "react";
import { NodeIcon } from "@/components/editor/node-icon";
import { isNotFound } from "@/components/providers/error-message";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { PageBody, PageHeader } from "@/components/shell/page-header";
import { useCan } from "@/components/shell/session";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { ActionHeading } from "./action-heading";
import { ActionList } from "./action-list";
import { AUTH_LABELS } from "./auth-labels";
import { TryPanel } from "./try-panel";

/** A tool of the catalog: its actions, each to look at and to try. */
export function ReadyToolPage({ toolKey }: { toolKey: string }) {
  const trpc = useTRPC();
  const canEdit = useCan("editor");
  const [selected, setSelected] = useState<string | null>(null);
  const query = useQuery(trpc.tools.ready.queryOptions({ key: toolKey }));
  if (isNotFound(query.error)) notFound();
  const tool = query.data;
  const action = tool?.actions.find(({ id }) => id === selected) ?? tool?.actions[0];
  return (
    <PageBody>
      <Link
        href="/tools"
        className="flex w-fit items-center gap-1 rounded-sm text-muted-foreground text-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
      >
        <ChevronLeft aria-hidden="true" className="size-4" />
        Tools
      </Link>
      {query.isError ? (
        <LoadError title="The tool could not be loaded" query={query} />
      ) : !tool ? (
        <Skeleton className="h-64 rounded-xl" />
      ) : (
        <>
          <PageHeader
            title={tool.name}
            icon={<NodeIcon definition={{ icon: tool.icon ?? "plug", category: "integration" }} />}
            description={
              <span className="flex min-w-0 flex-wrap items-center gap-2">
                <span className="min-w-0 truncate font-mono text-xs">{tool.baseUrl}</span>
                <Badge>{AUTH_LABELS[tool.auth.type]}</Badge>
                {tool.description ? <span className="line-clamp-2 w-full">{tool.description}</span> : null}
              </span>
            }
          />
          <div className="grid min-w-0 gap-4 md:grid-cols-[minmax(16rem,2fr)_minmax(0,3fr)]">
            <ActionList actions={tool.actions} selected={action?.id ?? null} onSelect={setSelected} />
            {action ? (
              <Card className="min-w-0 self-start p-5" role="region" aria-label={`Action ${action.name}`}>
                <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
                  <header>
                    <ActionHeading action={action} />
                  </header>
                  {action.description ? (
                    <p className="max-h-40 overflow-y-auto whitespace-pre-line break-words text-muted-foreground text-sm">
                      {action.description}
                    </p>
                  ) : null}
                  <section aria-label="Try it" className="grid grid-cols-[minmax(0,1fr)] gap-4 border-border border-t pt-4">
                    <h3 className="font-semibold text-sm">Try it</h3>
                    {canEdit ? (
                      <TryPanel
                        key={action.id}
                        action={{ ...action, tool: { toolKey }, toolKey }}
                        needsCredential={tool.auth.type !== "none"}
                      />
                    ) : (
                      <p className="text-muted-foreground text-sm">Your role may look, not call.</p>
                    )}
                  </section>
                </div>
              </Card>
            ) : null}
          </div>
        </>
      )}
    </PageBody>
  );
}
