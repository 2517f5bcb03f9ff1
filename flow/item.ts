import type { StepError } from "./execution/errors";

/** What JSON can hold; everything that is journaled, sent or shown is one of these. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A file that travels beside an item. Small ones carry `data` (base64), stored ones an `id` of the payload store. */
export interface Binary {
  mimeType: string;
  fileName?: string;
  fileExtension?: string;
  /** Bytes. */
  fileSize?: number;
  /** Base64; absent when the bytes live in the payload store. */
  data?: string;
  /** Payload store reference; absent when the bytes are inline. */
  id?: string;
}

/** Which input item an output item was made from; `input` is the index of the input handle, 0 when absent. */
export interface PairedItem {
  item: number;
  input?: number;
  /** Run index of the earlier visit of the same node that was given the item, where it was not this one: loops hand on what they were given before. */
  run?: number;
}

/** One element of data on an edge: n8n's item model. */
export interface Item {
  json: JsonObject;
  binary?: Record<string, Binary>;
  pairedItem?: PairedItem | PairedItem[] | number;
  /** The node failed for this item and goes on: `onError` decides where the item leaves. Never seen by the nodes after it. */
  error?: StepError;
}

/** The items that a node gave, by output handle in the order of its definition. */
export type Outputs = Item[][];
