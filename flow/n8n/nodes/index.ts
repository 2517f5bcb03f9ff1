import type { NodeMapping } from "../source";
import { airtable } from "./airtable";
import { codeNode, functionItem, functionNode } from "./code";
import { dateTime } from "./date-time";
import { discord } from "./discord";
import { emailReadImap } from "./email-read-imap";
import { emailSend } from "./email-send";
import { convertToFile, extractFromFile, moveBinaryData, readPdf, spreadsheetFile } from "./files";
import { errorTrigger, executeWorkflow, executeWorkflowTrigger } from "./flows";
import { compareDatasets, crypto, html, htmlExtract, markdown, xml } from "./formats";
import { chatTrigger, form, formTrigger } from "./forms";
import { ftp } from "./ftp";
import { github } from "./github";
import { gmail } from "./gmail";
import { googleCalendar } from "./google-calendar";
import { googleDrive } from "./google-drive";
import { googleSheets } from "./google-sheets";
import { graphql } from "./graphql";
import { httpRequest } from "./http-request";
import { hubspot } from "./hubspot";
import { filter, ifNode } from "./if";
import { anthropicModel, openAi, openAiModel } from "./language-models";
import { aggregate, itemLists, limit, removeDuplicates, renameKeys, sort, splitOut, summarize } from "./lists";
import { splitInBatches } from "./loops";
import { manualTrigger } from "./manual-trigger";
import { merge } from "./merge";
import { sendGrid, twilio } from "./messaging";
import { excel, oneDrive, outlook, teams } from "./microsoft";
import { mongoDb } from "./mongodb";
import { notion } from "./notion";
import {
  airtableTrigger,
  gmailTrigger,
  googleCalendarTrigger,
  googleDriveTrigger,
  googleSheetsTrigger,
  microsoftOutlookTrigger,
  notionTrigger,
  rssFeedReadTrigger,
} from "./poll-triggers";
import { redis } from "./redis";
import { respondToWebhook } from "./respond-to-webhook";
import { rssFeedRead } from "./rss-read";
import { awsS3, s3 } from "./s3";
import { cron, interval, scheduleTrigger } from "./schedule-trigger";
import { set } from "./set";
import { noOp, stickyNote, stopAndError } from "./simple";
import { slack } from "./slack";
import { facebookGraphApi, linkedIn } from "./social";
import { mySql, postgres } from "./sql";
import { stripe } from "./stripe";
import { switchNode } from "./switch";
import { telegram } from "./telegram";
import { jira, linear } from "./trackers";
import { compression, debugHelper, executionData, jwt } from "./utilities";
import { wait } from "./wait";
import { webhook } from "./webhook";

/** n8n's node types, without their package, and what becomes of them here. */
const MAPPINGS: Readonly<Record<string, NodeMapping>> = {
  aggregate,
  awsS3,
  airtable,
  airtableTrigger,
  code: codeNode,
  compareDatasets,
  compression,
  convertToFile,
  cron,
  crypto,
  dateTime,
  debugHelper,
  discord,
  emailReadImap,
  emailSend,
  errorTrigger,
  executeWorkflow,
  executeWorkflowTrigger,
  executionData,
  extractFromFile,
  facebookGraphApi,
  filter,
  form,
  formTrigger,
  ftp,
  function: functionNode,
  functionItem,
  github,
  gmail,
  gmailTrigger,
  googleCalendar,
  googleCalendarTrigger,
  googleDrive,
  googleDriveTrigger,
  googleSheets,
  googleSheetsTrigger,
  graphql,
  html,
  htmlExtract,
  httpRequest,
  hubspot,
  if: ifNode,
  interval,
  itemLists,
  jira,
  jwt,
  limit,
  linear,
  linkedIn,
  manualTrigger,
  markdown,
  merge,
  microsoftExcel: excel,
  microsoftOneDrive: oneDrive,
  microsoftOutlook: outlook,
  microsoftOutlookTrigger,
  microsoftTeams: teams,
  mongoDb,
  moveBinaryData,
  mySql,
  noOp,
  notion,
  notionTrigger,
  openAi,
  postgres,
  readPDF: readPdf,
  redis,
  removeDuplicates,
  renameKeys,
  respondToWebhook,
  rssFeedRead,
  rssFeedReadTrigger,
  s3,
  scheduleTrigger,
  sendGrid,
  set,
  slack,
  sort,
  splitInBatches,
  splitOut,
  spreadsheetFile,
  start: manualTrigger,
  stickyNote,
  stopAndError,
  stripe,
  summarize,
  switch: switchNode,
  telegram,
  twilio,
  wait,
  webhook,
  xml,
};

/** Those of n8n's second package. */
const LANGCHAIN_MAPPINGS: Readonly<Record<string, NodeMapping>> = { anthropic: anthropicModel, chatTrigger, openAi: openAiModel };

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
