"use client";
import { ErrorPage } from "@/components/shell/error-page";
import "./globals.css";

/** The layout itself failed: this page brings its own. */
export default function GlobalError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <ErrorPage error={error} retry={retry} />
      </body>
    </html>
  );
}
