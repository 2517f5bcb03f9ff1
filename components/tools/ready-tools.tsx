"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { NodeIcon } from "@/components/editor/node-icon";
import { LoadError } from "@/components/providers/load-error";
import { useTRPC } from "@/components/providers/trpc";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

/** Those whose name or description has all of the words. */
export function readyMatches<T extends { name: string; description: string | null }>(tools: readonly T[], search: string): T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return tools.filter(({ name, description }) => words.every((word) => `${name} ${description ?? ""}`.toLowerCase().includes(word)));
}

/** The tools that come with the product, to look at and to try. */
export function ReadyTools({ search }: { search: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.tools.catalog.queryOptions());
  const tools = readyMatches(query.data ?? [], search);
  if (query.isSuccess && tools.length === 0) return null;
  return (
    <section aria-labelledby="ready-tools" className="grid gap-3">
      <h2 id="ready-tools" className="font-semibold text-base">
        Ready to use
      </h2>
      {query.isError ? (
        <LoadError title="The ready tools could not be loaded" query={query} />
      ) : !query.data ? (
        <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3" aria-busy="true">
          {[0, 1, 2, 3, 4, 5].map((card) => (
            <Skeleton key={card} className="h-22 rounded-xl" />
          ))}
        </div>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {tools.map(({ key, name, description, icon }) => (
            <li key={key} className="min-w-0">
              <Card className="relative flex h-full gap-3 p-4 hover:bg-row-hover">
                <NodeIcon definition={{ icon: icon ?? "plug", category: "integration" }} />
                <div className="min-w-0">
                  <Link
                    href={`/tools/catalog/${key}`}
                    className="font-medium text-sm outline-none after:absolute after:inset-0 after:rounded-xl focus-visible:after:ring-2 focus-visible:after:ring-ring"
                  >
                    {name}
                  </Link>
                  {description ? <p className="mt-0.5 line-clamp-2 text-muted-foreground text-xs">{description}</p> : null}
                </div>
              </Card>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
