import type { GraphNode } from "@/flow/graph/schema";
import { definitionOf } from "@/nodes/catalog";

export const NOTE_TYPE = "sticky-note";
export const NOTE_MIN = { width: 96, height: 64 };

export const isNote = (node: Pick<GraphNode, "type">): boolean => node.type === NOTE_TYPE;

export interface NoteLook {
  /** Markdown. */
  content: string;
  width: number;
  height: number;
  /** 1 to 7, see `NOTE_COLORS`. */
  color: number;
}

/** What a note says and how it looks; where its parameters are wrong, a new note's. */
export function noteOf(node: GraphNode): NoteLook {
  const parameters = definitionOf(NOTE_TYPE)?.parameters;
  const parsed = parameters?.safeParse(node.parameters);
  return (parsed?.success ? parsed.data : parameters?.parse({})) as NoteLook;
}

/** Behind the nodes and their connections, selected or not: the library lifts what is selected by 1,000. */
export const NOTE_LAYER = -1001;

/** n8n's seven, by their numbers. */
export const NOTE_COLORS: readonly { name: string; className: string }[] = [
  {
    name: "Yellow",
    className: "bg-[oklch(0.96_0.06_95)] border-[oklch(0.86_0.1_92)] dark:bg-[oklch(0.3_0.04_92)] dark:border-[oklch(0.43_0.06_92)]",
  },
  {
    name: "Orange",
    className: "bg-[oklch(0.95_0.05_65)] border-[oklch(0.85_0.09_60)] dark:bg-[oklch(0.3_0.045_55)] dark:border-[oklch(0.43_0.07_55)]",
  },
  {
    name: "Red",
    className: "bg-[oklch(0.94_0.035_20)] border-[oklch(0.84_0.08_20)] dark:bg-[oklch(0.29_0.05_20)] dark:border-[oklch(0.42_0.08_20)]",
  },
  {
    name: "Green",
    className: "bg-[oklch(0.95_0.05_150)] border-[oklch(0.84_0.09_150)] dark:bg-[oklch(0.29_0.04_155)] dark:border-[oklch(0.42_0.06_155)]",
  },
  {
    name: "Blue",
    className: "bg-[oklch(0.95_0.03_240)] border-[oklch(0.84_0.07_240)] dark:bg-[oklch(0.29_0.045_250)] dark:border-[oklch(0.42_0.07_250)]",
  },
  {
    name: "Purple",
    className:
      "bg-[oklch(0.95_0.035_305)] border-[oklch(0.84_0.08_305)] dark:bg-[oklch(0.29_0.055_300)] dark:border-[oklch(0.42_0.08_300)]",
  },
  {
    name: "Grey",
    className:
      "bg-[oklch(0.95_0.004_260)] border-[oklch(0.85_0.008_260)] dark:bg-[oklch(0.28_0.008_260)] dark:border-[oklch(0.41_0.012_260)]",
  },
];
