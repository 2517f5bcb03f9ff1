"use client";
import { FileUp } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { Tooltip } from "@/components/ui/tooltip";

/** Asks for files to import. */
export function ImportButton({ onFiles, pending }: { onFiles: (files: File[]) => void; pending: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tooltip content="From n8n, or a flow that was exported here. Files can also be dropped on this page.">
        <Button onClick={() => input.current?.click()} pending={pending}>
          <FileUp aria-hidden="true" />
          Import
        </Button>
      </Tooltip>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        multiple
        hidden
        aria-label="Files to import"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          onFiles(files);
        }}
      />
    </>
  );
}
