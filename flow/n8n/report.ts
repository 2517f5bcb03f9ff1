/** Something that a person should know about an imported workflow. */
export interface ImportIssue {
  /** `missing`: it won't work as it did until someone sees to it. `changed`: it works, but not quite as it did. `note`: for information. */
  severity: "missing" | "changed" | "note";
  /** Name of the node; null for the workflow as a whole. */
  node: string | null;
  /** n8n's type of the node. */
  type: string | null;
  /** n8n's name of the parameter or setting. */
  field: string | null;
  message: string;
}

/** What an import made of a workflow. */
export interface ImportReport {
  nodes: {
    /** Nodes of the workflow, sticky notes included. */
    total: number;
    /** Those that became nodes of ours. */
    converted: number;
    /** Those without a counterpart, kept as placeholders. */
    placeholders: number;
    notes: number;
  };
  /** Accounts that nodes used, by n8n's credential type: secrets are never part of an export, so they have to be connected anew. */
  credentials: { node: string; type: string; name: string }[];
  issues: ImportIssue[];
}
