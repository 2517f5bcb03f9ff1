"use client";
import { FileUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";

const bringsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Lets files be dropped anywhere on the page. */
export function ImportDrop({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  // Entering a child leaves its parent: only the balance says whether the files are still here.
  const depth = useRef(0);
  const deliver = useRef(onFiles);
  useEffect(() => {
    deliver.current = onFiles;
  }, [onFiles]);

  useEffect(() => {
    const change = (by: number) => (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      depth.current = Math.max(0, depth.current + by);
      setOver(depth.current > 0);
    };
    const enter = change(1);
    const leave = change(-1);
    const hover = (event: DragEvent) => {
      if (bringsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      deliver.current([...(event.dataTransfer?.files ?? [])]);
    };
    document.addEventListener("dragenter", enter);
    document.addEventListener("dragleave", leave);
    document.addEventListener("dragover", hover);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragenter", enter);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("dragover", hover);
      document.removeEventListener("drop", drop);
    };
  }, []);

  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-4 z-50 grid place-items-center rounded-xl border-2 border-primary border-dashed bg-background/90">
      <p className="flex items-center gap-2 font-medium text-sm">
        <FileUp aria-hidden="true" className="size-5" />
        Drop n8n workflows or exported flows here
      </p>
    </div>
  );
}
