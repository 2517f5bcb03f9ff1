import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/server/db";
import { resetEnv } from "@/server/env";
import { createCredential } from "@/server/services/credentials/create";
import { createFlow } from "@/server/services/flows/create";
import { sql } from "@/server/sql";
import { createMember } from "@/server/testing/factories";
import { type FtpFake, startFtpFake } from "@/server/testing/ftp-fake";
import { type ImapFake, startImapFake } from "@/server/testing/imap-fake";
import { endedExecutions, lineOf, withRunningEngine } from "@/server/testing/with-running-engine";
import { withTestDatabase } from "@/server/testing/with-test-database";
import { pollDue } from "./loop";

/**
 *   message in INBOX ──> Mail ──> Keep (attachment to FTP) ──> Archive (moves the message)
 */
withTestDatabase();
let imap: ImapFake;
let ftp: FtpFake;
beforeAll(async () => {
  [imap, ftp] = await Promise.all([startImapFake(), startFtpFake()]);
  // Connections for files come at any port.
  process.env.HTTP_ALLOWLIST = "127.0.0.1:1024-65535";
  resetEnv();
});
afterAll(() => Promise.all([imap.close(), ftp.close()]));
withRunningEngine();

const PASSWORD = "correct horse";
const order = (n: number) =>
  `From: Ada <ada@example.com>\nSubject: Order ${n}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nThe password is ${PASSWORD}\n--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=o.csv\n\nn\n${n}\n--b--`;

test("messages that come into a mailbox start the flow once each, which keeps their files and puts them away", async () => {
  const { context: ctx } = await createMember({ role: "editor" });
  const account = async (kind: "imap" | "ftp", port: number) => {
    const fields = { host: "127.0.0.1", port: String(port), user: "shop", password: PASSWORD, secure: "none" };
    const { id } = await createCredential({ ctx, input: { name: kind, type: "custom", fields, settings: { kind } } });
    return { [kind]: { id, name: kind } };
  };
  const [mailbox, files] = [await account("imap", imap.port), await account("ftp", ftp.port)];
  const graph = lineOf({
    Mail: { type: "imap-trigger", parameters: { each: "event" } },
    Keep: { type: "ftp", parameters: { operation: "upload", path: "=/orders/{{ $json.uid }}.csv", file: "attachment_0" } },
    Archive: { type: "imap", parameters: { operation: "move", uids: "={{ $('Mail').item.json.uid }}", destination: "Archive" } },
  });
  const withAccounts = {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, credentials: node.type === "ftp" ? files : mailbox })),
  };
  imap.deliver("INBOX", order(0));
  const { id: flowId } = await createFlow({ ctx, input: { graph: withAccounts, publish: true } });
  const poll = async () => {
    await db().pollState.updateMany({ data: { nextAt: new Date(0) } });
    await pollDue();
  };
  await poll();
  for (const n of [1, 2]) imap.deliver("INBOX", order(n));
  await poll();
  const executions = await endedExecutions(flowId, 2);
  expect(executions.map(({ status, mode }) => [status, mode])).toEqual([
    ["succeeded", "poll"],
    ["succeeded", "poll"],
  ]);
  expect([2, 3].map((uid) => ftp.files.get(`/orders/${uid}.csv`)?.toString().trim())).toEqual(
    ["n\n1", "n\n2"].map((text) => expect.stringMatching(text.replace("\n", "\\s+"))),
  );
  expect(imap.mailboxes.get("INBOX")?.messages.map(({ uid }) => uid)).toEqual([1]);
  expect(imap.mailboxes.get("Archive")?.messages).toHaveLength(2);
  // What is marked as read later is not there any more, which stops nothing.
  await poll();
  imap.deliver("INBOX", order(3));
  await poll();
  await endedExecutions(flowId, 3);
  expect(await db().pollState.findFirstOrThrow()).toMatchObject({ failures: 0, error: null });
  // The password of the credential is nowhere, though somebody wrote it into a message.
  const rows = await everyRow();
  const isKept = (text: string) => [text, Buffer.from(text).toString("hex")].some((form) => rows.includes(form));
  expect([isKept("The password is"), isKept(PASSWORD)]).toEqual([true, false]);
});

async function everyRow(): Promise<string> {
  const tables = await sql().query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const rows = await Promise.all(tables.rows.map(({ name }) => sql().query<{ row: string }>(`select t::text as row from "${name}" t`)));
  return rows.flatMap((table) => table.rows.map(({ row }) => row)).join("\n");
}
