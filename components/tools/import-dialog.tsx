"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, FileUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { errorMessage } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/form-field";
import { Segmented } from "@/components/ui/segmented";
import { TextField } from "@/components/ui/text-field";
import { Textarea } from "@/components/ui/textarea";
import { ImportProblems } from "./import-problems";
import { ImportReview } from "./import-review";

const MAX_FILE_BYTES = 32_000_000;
type Way = "paste" | "file" | "url";

/** Without the spaces that a document was printed with: a third of a large one. What is no JSON stays as it is. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** A tool that came from a document, to be brought up to what that says now. */
interface UpdatedTool {
  id: string;
  name: string;
}

/** A tool out of an OpenAPI document, a Postman collection or a curl command: pasted, a file, or fetched. */
export function ImportDialog({ open, tool, onClose }: { open: boolean; tool: UpdatedTool | null; onClose: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(next) => next || onClose()}>
      <DialogContent className="max-w-xl">{open ? <ImportForm updated={tool} onClose={onClose} /> : null}</DialogContent>
    </Dialog>
  );
}

function ImportForm({ updated, onClose }: { updated: UpdatedTool | null; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const file = useRef<HTMLInputElement>(null);
  const [way, setWay] = useState<Way>("paste");
  const [text, setText] = useState("");
  const [url, setUrl] = useState("");
  const [chosen, setChosen] = useState<{ name: string; content: string } | null>(null);
  const [baseUrl, setBaseUrl] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const run = useMutation(
    trpc.tools.import.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.tools.pathFilter());
        void queryClient.invalidateQueries(trpc.actions.pathFilter());
      },
    }),
  );
  const needsServer = run.isError && /base URL/i.test(errorMessage(run.error));

  const choose = async (given: File | undefined) => {
    setProblem(null);
    if (!given) return;
    if (given.size > MAX_FILE_BYTES) return setProblem("The file is larger than 32 MB.");
    setChosen({ name: given.name, content: compact(await given.text()) });
  };
  const submit = () => {
    setProblem(null);
    const content = way === "paste" ? text.trim() : chosen?.content;
    if (way === "url" ? url.trim() === "" : !content) return setProblem("There is nothing to import yet.");
    run.mutate({
      ...(way === "url" ? { url: url.trim() } : { content }),
      ...(baseUrl.trim() && { baseUrl: baseUrl.trim() }),
      // What would change is shown first.
      ...(updated && { toolId: updated.id, preview: true }),
    });
  };

  if (run.data?.changes && run.variables && !run.data.tool) {
    const { variables } = run;
    return (
      <ImportReview
        answer={run.data}
        changes={run.data.changes}
        pending={run.isPending}
        onApply={(removeMissing) => run.mutate({ ...variables, preview: false, removeMissing })}
      />
    );
  }

  if (run.data) {
    const { tool, imported, found, problems, duration } = run.data;
    return (
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <DialogHeader>
          <DialogTitle className="flex items-center gap-2">
            <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-success-text" />
            <span className="truncate">{updated ? `Updated “${updated.name}”` : `Imported “${run.data.name}”`}</span>
          </DialogTitle>
          <DialogDescription>
            {imported} of {found} {found === 1 ? "operation" : "operations"} in {(duration / 1000).toFixed(1)} s
          </DialogDescription>
        </DialogHeader>
        <ImportProblems problems={problems} />
        <DialogFooter>
          {updated ? null : (
            <DialogClose asChild>
              <Button>Close</Button>
            </DialogClose>
          )}
          <Button
            variant="primary"
            onClick={() => {
              onClose();
              if (tool && !updated) router.push(`/tools/${tool.id}`);
            }}
          >
            {updated ? "Done" : "Open the tool"}
          </Button>
        </DialogFooter>
      </div>
    );
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="grid grid-cols-[minmax(0,1fr)] gap-4"
    >
      <DialogHeader>
        <DialogTitle>{updated ? `Update “${updated.name}”` : "Import API"}</DialogTitle>
        <DialogDescription>
          {updated
            ? "The document as it is now. What is new, changed and gone is shown before anything changes."
            : "An OpenAPI document (JSON or YAML), a Postman collection, or a curl command."}
        </DialogDescription>
      </DialogHeader>
      <Segmented
        label="Where it is"
        value={way}
        onChange={setWay}
        className="justify-self-start"
        options={[
          { value: "paste", label: "Paste" },
          { value: "file", label: "File" },
          { value: "url", label: "URL" },
        ]}
      />
      {way === "paste" ? (
        <Textarea
          aria-label="Document or command"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={'openapi: 3.1.0\n…\n\nor\n\ncurl https://api.example.com/orders -H "Authorization: Bearer …"'}
          className="field-sizing-fixed h-56 font-mono text-xs"
          spellCheck={false}
          autoFocus
        />
      ) : null}
      {way === "file" ? (
        <div className="grid justify-items-start gap-2">
          <input
            ref={file}
            type="file"
            accept=".json,.yaml,.yml,.txt,application/json"
            aria-label="File to import"
            className="sr-only"
            onChange={(event) => void choose(event.target.files?.[0])}
          />
          <Button onClick={() => file.current?.click()}>
            <FileUp aria-hidden="true" />
            Choose file
          </Button>
          <p className="max-w-full truncate text-muted-foreground text-sm">{chosen?.name ?? "No file is chosen."}</p>
        </div>
      ) : null}
      {way === "url" ? (
        <TextField
          label="URL of the document"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
          placeholder="https://api.example.com/openapi.json"
          className="font-mono"
        />
      ) : null}
      {needsServer || baseUrl ? (
        <TextField
          label="Base URL"
          hint="The document names no server that can be called."
          value={baseUrl}
          onChange={(event) => setBaseUrl(event.target.value)}
          placeholder="https://api.example.com"
          className="font-mono"
        />
      ) : null}
      {problem ? <FieldError>{problem}</FieldError> : run.isError ? <FieldError>{errorMessage(run.error)}</FieldError> : null}
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={run.isPending}>
          {updated ? "Show changes" : "Import"}
        </Button>
      </DialogFooter>
    </form>
  );
}
