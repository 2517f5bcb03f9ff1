"use client";
import type { FormEvent, ReactNode } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";

/** A dialog whose form begins anew each time it opens. */
export function FormDialog({
  open,
  className,
  onClose,
  children,
}: {
  open: boolean;
  className: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog open={open} onOpenChange={(next) => next || onClose()}>
      <DialogContent className={className}>{open ? children : null}</DialogContent>
    </Dialog>
  );
}

/** Title, fields and buttons of such a dialog. The fields are read from the form when it is sent. */
export function DialogForm({
  title,
  description,
  action,
  pending,
  error,
  onSubmit,
  children,
}: {
  title: string;
  description: ReactNode;
  /** What the button does. */
  action: string;
  pending: boolean;
  /** What went wrong and stands beside no field. */
  error: unknown;
  onSubmit: (form: FormData) => void;
  children: ReactNode;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-4" noValidate>
      <DialogHeader>
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{description}</DialogDescription>
      </DialogHeader>
      {children}
      {error ? <FieldError>{errorMessage(error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending}>
          {action}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** A field's text, without the spaces around it. */
export const textIn = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();
