import { expect, test } from "vitest";
import { CREDENTIAL_KINDS } from "@/flow/credentials/kinds";
import { definitionOf } from "@/nodes/catalog";
import { connectionTests } from "@/nodes/connection-tests";
import { catalogEntries, catalogTool } from ".";

/** What people look for, and where it is: tools that are called by HTTP, and nodes for servers that speak something else. */
const SERVICES: Record<string, { tools: string[] } | { nodes: string[] }> = {
  GitHub: { tools: ["github"] },
  Gmail: { tools: ["gmail"] },
  "Google Sheets": { tools: ["google-sheets"] },
  "Google Drive": { tools: ["google-drive"] },
  "Google Calendar": { tools: ["google-calendar"] },
  Outlook: { tools: ["outlook"] },
  Excel: { tools: ["excel"] },
  Teams: { tools: ["teams"] },
  OneDrive: { tools: ["onedrive"] },
  Slack: { tools: ["slack"] },
  Discord: { tools: ["discord"] },
  LinkedIn: { tools: ["linkedin"] },
  "Facebook Pages": { tools: ["facebook-pages"] },
  Notion: { tools: ["notion"] },
  Airtable: { tools: ["airtable"] },
  Telegram: { tools: ["telegram"] },
  Jira: { tools: ["jira"] },
  Linear: { tools: ["linear"] },
  HubSpot: { tools: ["hubspot"] },
  Stripe: { tools: ["stripe"] },
  Twilio: { tools: ["twilio"] },
  SendGrid: { tools: ["sendgrid"] },
  OpenAI: { tools: ["openai"] },
  "OpenAI-compatible chat": { tools: ["openai-compatible"] },
  Anthropic: { tools: ["anthropic"] },
  Postgres: { nodes: ["postgres"] },
  MySQL: { nodes: ["mysql"] },
  MongoDB: { nodes: ["mongodb"] },
  Redis: { nodes: ["redis"] },
  S3: { nodes: ["s3"] },
  FTP: { nodes: ["ftp"] },
  SFTP: { nodes: ["sftp"] },
  "SMTP and IMAP": { nodes: ["send-email", "imap"] },
};

const FEWEST_ACTIONS = 5;
/** Of these the test is a signed request (`test-kind.ts`). */
const TRIED_BY_HTTP = ["s3"];

interface Offer {
  actions: string[];
  samples: number;
  tests: string[];
}

async function offerOf(tool: string): Promise<Offer> {
  const found = await catalogTool(tool);
  const actions = found?.actions ?? [];
  return {
    actions: actions.map(({ key }) => key),
    samples: actions.filter(({ sample }) => sample !== undefined).length,
    tests: found?.test ? [found.test.action] : [],
  };
}

/** A node's operations are what a tool's actions are; it has one sample, of the operation that it begins with. */
function offerOfNodes(types: string[]): Offer {
  const offers = types.map((type) => {
    const definition = definitionOf(type);
    const operation = definition?.parameters.shape.operation as { unwrap(): { options: string[] } } | undefined;
    const slots = typeof definition?.credentials === "function" ? definition.credentials({}) : (definition?.credentials ?? []);
    const kinds = slots.flatMap(({ kind }) => kind ?? []);
    return {
      actions: operation ? operation.unwrap().options.map((name) => `${type}.${name}`) : [type],
      samples: definition?.sample ? 1 : 0,
      tests: kinds.filter((kind) => Object.hasOwn(connectionTests, kind) || TRIED_BY_HTTP.includes(kind)),
    };
  });
  return {
    actions: offers.flatMap(({ actions }) => actions),
    samples: offers.reduce((sum, { samples }) => sum + samples, 0),
    tests: offers.flatMap(({ tests }) => tests),
  };
}

test.each(Object.entries(SERVICES))("%s has enough actions, examples of answers, and a test of its credential", async (name, where) => {
  const isTool = "tools" in where;
  const offers = isTool ? await Promise.all(where.tools.map(offerOf)) : [offerOfNodes(where.nodes)];
  for (const { actions, samples, tests } of offers) {
    process.stdout.write(`${name}: ${actions.length} actions, ${samples} examples, tried by ${tests.join(", ")}\n`);
    expect(actions.length, actions.join()).toBeGreaterThanOrEqual(FEWEST_ACTIONS);
    expect(samples).toBe(isTool ? actions.length : where.nodes.length);
    expect(tests).toHaveLength(isTool ? 1 : where.nodes.length);
  }
});

test("every tool of the catalog is one that people look for", () => {
  const listed = Object.values(SERVICES).flatMap((where) => ("tools" in where ? where.tools : []));
  expect(
    catalogEntries()
      .map(({ key }) => key)
      .sort(),
  ).toEqual(listed.sort());
});

test("every kind of credential is tried at its server", () => {
  const tried = [...Object.keys(connectionTests), ...TRIED_BY_HTTP];
  expect(CREDENTIAL_KINDS.map(({ key }) => key).sort()).toEqual(tried.sort());
});
