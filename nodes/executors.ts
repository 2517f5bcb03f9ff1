import type { NodeExecutor } from "@/flow/node/context";
import type { NodePoll } from "@/flow/node/poll";

interface NodeModule {
  // biome-ignore lint/suspicious/noExplicitAny: variance: a table holds executors of any parameter type
  execute: NodeExecutor<any>;
  /** Of polling triggers. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  poll?: NodePoll<any>;
}

/**
 * What each type of node does, loaded when it first runs. Server only; not marked with the package `server-only`, because that package
 * throws outside of a React server build, and the command line and the tests are none: the dependency rule keeps this file out
 * of the browser.
 */
export const executors: Readonly<Record<string, () => Promise<NodeModule>>> = {
  "manual-trigger": () => import("./manual-trigger/executor"),
  "webhook-trigger": () => import("./webhook-trigger/executor"),
  "schedule-trigger": () => import("./schedule-trigger/executor"),
  "rss-trigger": () => import("./rss-trigger/executor"),
  "imap-trigger": () => import("./imap-trigger/executor"),
  "poll-http": () => import("./poll-http/executor"),
  "action-trigger": () => import("./action-trigger/executor"),
  action: () => import("./action/executor"),
  form: () => import("./form/executor"),
  "form-trigger": () => import("./form-trigger/executor"),
  "chat-trigger": () => import("./chat-trigger/executor"),
  "event-trigger": () => import("./event-trigger/executor"),
  "flow-trigger": () => import("./flow-trigger/executor"),
  "error-trigger": () => import("./error-trigger/executor"),
  "execute-flow": () => import("./execute-flow/executor"),
  "http-request": () => import("./http-request/executor"),
  "google-sheets": () => import("./google-sheets/executor"),
  graphql: () => import("./graphql/executor"),
  "rss-read": () => import("./rss-read/executor"),
  "send-email": () => import("./send-email/executor"),
  mysql: () => import("./mysql/executor"),
  redis: () => import("./redis/executor"),
  s3: () => import("./s3/executor"),
  mongodb: () => import("./mongodb/executor"),
  ftp: () => import("./ftp/executor"),
  imap: () => import("./imap/executor"),
  sftp: () => import("./sftp/executor"),
  postgres: () => import("./postgres/executor"),
  set: () => import("./set/executor"),
  filter: () => import("./filter/executor"),
  limit: () => import("./limit/executor"),
  "split-out": () => import("./split-out/executor"),
  aggregate: () => import("./aggregate/executor"),
  summarize: () => import("./summarize/executor"),
  sort: () => import("./sort/executor"),
  "remove-duplicates": () => import("./remove-duplicates/executor"),
  "rename-keys": () => import("./rename-keys/executor"),
  "date-time": () => import("./date-time/executor"),
  html: () => import("./html/executor"),
  markdown: () => import("./markdown/executor"),
  "convert-to-file": () => import("./convert-to-file/executor"),
  "extract-from-file": () => import("./extract-from-file/executor"),
  compression: () => import("./compression/executor"),
  jwt: () => import("./jwt/executor"),
  crypto: () => import("./crypto/executor"),
  xml: () => import("./xml/executor"),
  merge: () => import("./merge/executor"),
  "compare-datasets": () => import("./compare-datasets/executor"),
  if: () => import("./if/executor"),
  switch: () => import("./switch/executor"),
  "loop-over-items": () => import("./loop-over-items/executor"),
  code: () => import("./code/executor"),
  wait: () => import("./wait/executor"),
  "respond-to-webhook": () => import("./respond-to-webhook/executor"),
  "stop-and-error": () => import("./stop-and-error/executor"),
  storage: () => import("./storage/executor"),
  "execution-data": () => import("./execution-data/executor"),
  "debug-helper": () => import("./debug-helper/executor"),
  "no-op": () => import("./no-op/executor"),
  "sticky-note": () => import("./sticky-note/executor"),
  "n8n-placeholder": () => import("./n8n-placeholder/executor"),
};
