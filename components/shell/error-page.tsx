"use client";
import { RotateCw, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { FullPageMessage } from "./full-page-message";

/** A page that failed: what to do, and what to tell whoever looks into it. */
export function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <FullPageMessage
      icon={TriangleAlert}
      title="This page could not be shown"
      actions={
        <>
          <Button variant="primary" onClick={retry}>
            <RotateCw aria-hidden="true" />
            Try again
          </Button>
          <Button asChild>
            <Link href="/flows">Go to flows</Link>
          </Button>
        </>
      }
    >
      It is a fault of ours, and nothing that you saved is lost. Try again; if it stays, tell an administrator
      {error.digest ? (
        <>
          {" "}
          this reference: <code className="font-mono text-xs">{error.digest}</code>
        </>
      ) : (
        " what you did"
      )}
      .
    </FullPageMessage>
  );
}
