import { db } from "@/server/db";
import { clientSecretOwner } from "@/server/oauth/load-client";
import { isOutdated, rewrap } from "@/server/secrets/envelope";
import { currentKeyId } from "@/server/secrets/seal";
import { openTriggerSecret, sealTriggerSecret } from "@/server/triggers/trigger-secret";
import { openWebhook, sealWebhookHeaders, sealWebhookSecret } from "../webhooks/secrets";

export interface RotationReport {
  /** Id of the master key. */
  current: string;
  resealed: number;
  /** What no configured key opens: it stays as it is, to be opened once its key is back. */
  unreadable: { what: string; reason: string }[];
}

/** A stored secret, and how it gets its place back. False when it was changed meanwhile: then it is sealed with the new key already. */
interface Stored {
  what: string;
  sealed: string;
  reseal: () => string;
  store: (sealed: string) => Promise<{ count: number }>;
}

const PAGE = 200;

/**
 * Seals everything that is stored with the current master key. Run by whoever runs the installation, for all organizations; may
 * be broken off and run again, beside the app at work.
 */
export async function rotateMasterKeys(): Promise<RotationReport> {
  const report: RotationReport = { current: currentKeyId(), resealed: 0, unreadable: [] };
  for (const read of [credentials, oauthClients, triggers, webhooks]) {
    for (let after = ""; ; ) {
      const { stored, last } = await read(after);
      for (const each of stored) await resealOne(each, report);
      if (last === null) break;
      after = last;
    }
  }
  return report;
}

async function resealOne({ what, sealed, reseal, store }: Stored, report: RotationReport): Promise<void> {
  if (!isOutdated(sealed)) return;
  let fresh: string;
  try {
    fresh = reseal();
  } catch (error) {
    report.unreadable.push({ what, reason: error instanceof Error ? error.message : String(error) });
    return;
  }
  const { count } = await store(fresh);
  report.resealed += count;
}

interface Page {
  stored: Stored[];
  /** Where the next page begins; null after the last one. */
  last: string | null;
}

const page = <R extends { id: string }>(rows: R[], of: (row: R) => Stored[]): Page => ({
  stored: rows.flatMap(of),
  last: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null),
});
const next = (after: string) => ({ where: { id: { gt: after } }, orderBy: { id: "asc" as const }, take: PAGE });

async function credentials(after: string): Promise<Page> {
  const rows = await db().credential.findMany({ ...next(after), select: { id: true, organizationId: true, name: true, secret: true } });
  return page(rows, ({ id, organizationId, name, secret }) =>
    secret.startsWith("aws:")
      ? []
      : [
          {
            what: `The credential "${name}" (${id})`,
            sealed: secret,
            reseal: () => rewrap(secret, { organizationId, credentialId: id }),
            store: (sealed) => db().credential.updateMany({ where: { id, secret }, data: { secret: sealed } }),
          },
        ],
  );
}

async function oauthClients(after: string): Promise<Page> {
  const rows = await db().oauthConfig.findMany(next(after));
  return page(rows, ({ id, organizationId, key, clientSecret }) =>
    clientSecret === null
      ? []
      : [
          {
            what: `The OAuth client "${key}" (${id})`,
            sealed: clientSecret,
            reseal: () => rewrap(clientSecret, clientSecretOwner(organizationId, key)),
            store: (sealed) => db().oauthConfig.updateMany({ where: { id, clientSecret }, data: { clientSecret: sealed } }),
          },
        ],
  );
}

async function triggers(after: string): Promise<Page> {
  const rows = await db().trigger.findMany({ ...next(after), select: { id: true, organizationId: true, secret: true } });
  return page(rows, ({ id, organizationId, secret }) => {
    if (secret === null) return [];
    const owner = { organizationId, triggerId: id };
    return [
      {
        what: `The secret of the trigger ${id}`,
        sealed: secret,
        reseal: () => sealTriggerSecret(openTriggerSecret(secret, owner), owner),
        store: (sealed) => db().trigger.updateMany({ where: { id, secret }, data: { secret: sealed } }),
      },
    ];
  });
}

async function webhooks(after: string): Promise<Page> {
  const rows = await db().webhook.findMany({ ...next(after), select: { id: true, organizationId: true, secret: true, headers: true } });
  return page(rows, (row) => {
    const { id, secret, headers } = row;
    const what = `The secrets of the webhook ${id}`;
    return [
      ...(secret === null
        ? []
        : [
            {
              what,
              sealed: secret,
              reseal: () => sealWebhookSecret(openWebhook({ ...row, headers: null }).secret ?? "", row),
              store: (sealed: string) => db().webhook.updateMany({ where: { id, secret }, data: { secret: sealed } }),
            },
          ]),
      ...(headers === null
        ? []
        : [
            {
              what,
              sealed: headers,
              reseal: () => sealWebhookHeaders(openWebhook({ ...row, secret: null }).headers, row) ?? "",
              store: (sealed: string) => db().webhook.updateMany({ where: { id, headers }, data: { headers: sealed } }),
            },
          ]),
    ];
  });
}
