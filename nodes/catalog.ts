import type { AnyNodeDefinition } from "@/flow/node/define-node";
import { action } from "./action/definition";
import { actionTrigger } from "./action-trigger/definition";
import { aggregate } from "./aggregate/definition";
import { chatTrigger } from "./chat-trigger/definition";
import { code } from "./code/definition";
import { compareDatasets } from "./compare-datasets/definition";
import { compression } from "./compression/definition";
import { convertToFile } from "./convert-to-file/definition";
import { crypto } from "./crypto/definition";
import { dateTime } from "./date-time/definition";
import { debugHelper } from "./debug-helper/definition";
import { errorTrigger } from "./error-trigger/definition";
import { eventTrigger } from "./event-trigger/definition";
import { executeFlow } from "./execute-flow/definition";
import { executionData } from "./execution-data/definition";
import { extractFromFile } from "./extract-from-file/definition";
import { filter } from "./filter/definition";
import { flowTrigger } from "./flow-trigger/definition";
import { form } from "./form/definition";
import { formTrigger } from "./form-trigger/definition";
import { ftp } from "./ftp/definition";
import { googleSheets } from "./google-sheets/definition";
import { graphql } from "./graphql/definition";
import { html } from "./html/definition";
import { httpRequest } from "./http-request/definition";
import { ifNode } from "./if/definition";
import { imap } from "./imap/definition";
import { imapTrigger } from "./imap-trigger/definition";
import { jwt } from "./jwt/definition";
import { limit } from "./limit/definition";
import { loopOverItems } from "./loop-over-items/definition";
import { manualTrigger } from "./manual-trigger/definition";
import { markdown } from "./markdown/definition";
import { merge } from "./merge/definition";
import { mongodb } from "./mongodb/definition";
import { mysql } from "./mysql/definition";
import { n8nPlaceholder } from "./n8n-placeholder/definition";
import { noOp } from "./no-op/definition";
import { pollHttp } from "./poll-http/definition";
import { postgres } from "./postgres/definition";
import { redis } from "./redis/definition";
import { removeDuplicates } from "./remove-duplicates/definition";
import { renameKeys } from "./rename-keys/definition";
import { respondToWebhook } from "./respond-to-webhook/definition";
import { rssRead } from "./rss-read/definition";
import { rssTrigger } from "./rss-trigger/definition";
import { s3 } from "./s3/definition";
import { scheduleTrigger } from "./schedule-trigger/definition";
import { sendEmail } from "./send-email/definition";
import { set } from "./set/definition";
import { sftp } from "./sftp/definition";
import { sort } from "./sort/definition";
import { splitOut } from "./split-out/definition";
import { stickyNote } from "./sticky-note/definition";
import { stopAndError } from "./stop-and-error/definition";
import { storage } from "./storage/definition";
import { summarize } from "./summarize/definition";
import { switchNode } from "./switch/definition";
import { wait } from "./wait/definition";
import { webhookTrigger } from "./webhook-trigger/definition";
import { xml } from "./xml/definition";

/** Every kind of node, in the order in which a palette shows them. Plain data: safe in the browser. */
export const catalog: readonly AnyNodeDefinition[] = [
  manualTrigger,
  webhookTrigger,
  scheduleTrigger,
  rssTrigger,
  pollHttp,
  actionTrigger,
  imapTrigger,
  formTrigger,
  chatTrigger,
  eventTrigger,
  flowTrigger,
  errorTrigger,
  action,
  httpRequest,
  googleSheets,
  graphql,
  rssRead,
  sendEmail,
  imap,
  postgres,
  mysql,
  mongodb,
  redis,
  s3,
  ftp,
  sftp,
  set,
  filter,
  limit,
  splitOut,
  aggregate,
  summarize,
  sort,
  removeDuplicates,
  renameKeys,
  dateTime,
  html,
  markdown,
  xml,
  convertToFile,
  extractFromFile,
  compression,
  crypto,
  jwt,
  merge,
  compareDatasets,
  ifNode,
  switchNode,
  loopOverItems,
  code,
  wait,
  form,
  executeFlow,
  respondToWebhook,
  stopAndError,
  storage,
  executionData,
  noOp,
  debugHelper,
  stickyNote,
  n8nPlaceholder,
];

const byType = new Map(catalog.map((definition) => [definition.type, definition]));

/** Undefined for a type that this installation does not know. */
export const definitionOf = (type: string): AnyNodeDefinition | undefined => byType.get(type);
