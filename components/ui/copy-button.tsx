"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button";
import { toast } from "./toast";

/** Copies `value`; the tick that follows is the confirmation. */
export function CopyButton({ value, label, ...props }: Omit<ButtonProps, "onClick" | "value"> & { value: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      toast.error("The browser refused to copy", { description: "Select the text and copy it by hand." });
    }
  };
  return (
    <Button variant="ghost" size="icon-sm" aria-label={copied ? "Copied" : label} onClick={copy} {...props}>
      {copied ? <Check aria-hidden="true" className="text-success-text" /> : <Copy aria-hidden="true" />}
    </Button>
  );
}
