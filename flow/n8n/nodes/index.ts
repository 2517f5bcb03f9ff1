import type { NodeMapping } from "../source";
import { codeNode, functionItem, functionNode } from "./code";
import { dateTime } from "./date-time";
import { emailSend } from "./email-send";
import { convertToFile, extractFromFile, moveBinaryData, readPdf, spreadsheetFile } from "./files";
import { errorTrigger, executeWorkflow, executeWorkflowTrigger } from "./flows";
import { compareDatasets, crypto, html, htmlExtract, markdown, xml } from "./formats";
import { chatTrigger, formTrigger } from "./forms";
import { graphql } from "./graphql";
import { httpRequest } from "./http-request";
import { filter, ifNode } from "./if";
import { aggregate, itemLists, limit, removeDuplicates, renameKeys, sort, splitOut, summarize } from "./lists";
import { splitInBatches } from "./loops";
import { manualTrigger } from "./manual-trigger";
import { merge } from "./merge";
import { mongoDb } from "./mongodb";
import { redis } from "./redis";
import { respondToWebhook } from "./respond-to-webhook";
import { rssFeedRead } from "./rss-read";
import { awsS3, s3 } from "./s3";
import { cron, interval, scheduleTrigger } from "./schedule-trigger";
import { set } from "./set";
import { noOp, stickyNote, stopAndError } from "./simple";
import { mySql, postgres } from "./sql";
import { switchNode } from "./switch";
import { compression, debugHelper, executionData, jwt } from "./utilities";
import { wait } from "./wait";
import { webhook } from "./webhook";

/** n8n's node types, without their package, and what becomes of them here. */
const MAPPINGS: Readonly<Record<string, NodeMapping>> = {
  aggregate,
  awsS3,
  code: codeNode,
  compareDatasets,
  compression,
  convertToFile,
  cron,
  crypto,
  dateTime,
  debugHelper,
  errorTrigger,
  executeWorkflow,
  executeWorkflowTrigger,
  executionData,
  emailSend,
  extractFromFile,
  filter,
  formTrigger,
  function: functionNode,
  functionItem,
  graphql,
  html,
  htmlExtract,
  httpRequest,
  if: ifNode,
  interval,
  itemLists,
  jwt,
  limit,
  manualTrigger,
  markdown,
  merge,
  mongoDb,
  moveBinaryData,
  mySql,
  noOp,
  postgres,
  readPDF: readPdf,
  redis,
  removeDuplicates,
  renameKeys,
  respondToWebhook,
  rssFeedRead,
  s3,
  scheduleTrigger,
  set,
  sort,
  splitInBatches,
  splitOut,
  spreadsheetFile,
  start: manualTrigger,
  stickyNote,
  stopAndError,
  summarize,
  switch: switchNode,
  wait,
  webhook,
  xml,
};

/** Those of n8n's second package. */
const LANGCHAIN_MAPPINGS: Readonly<Record<string, NodeMapping>> = { chatTrigger };

const PACKAGES: readonly (readonly [string, Readonly<Record<string, NodeMapping>>])[] = [
  ["n8n-nodes-base.", MAPPINGS],
  ["@n8n/n8n-nodes-langchain.", LANGCHAIN_MAPPINGS],
];

/** Types as n8n writes them. */
export const mappedTypes: readonly string[] = PACKAGES.flatMap(([prefix, mappings]) => Object.keys(mappings).map((name) => prefix + name));

/** Undefined for a node without a counterpart. */
export function mappingOf(type: string): NodeMapping | undefined {
  for (const [prefix, mappings] of PACKAGES) {
    const name = type.slice(prefix.length);
    if (type.startsWith(prefix) && Object.hasOwn(mappings, name)) return mappings[name];
  }
  return undefined;
}
