import type pg from "pg";
import { FatalError } from "@/flow/execution/errors";
import type { Json } from "@/flow/item";
import type { FlowStorage, StorageScope } from "@/flow/node/storage";
import { assertStorable, MAX_LISTED } from "@/flow/node/storage-limits";
import { patiently } from "@/server/execution/patience";
import { newVersion, onceKnown } from "./once-known";
import { createStaticData, type StorageOwner } from "./static-data";

const MAX_ENTRIES = 10_000;
const MAX_CHARACTERS = 50 * 1024 * 1024;

interface Kept {
  value: string;
  version: string;
}

/** Changes of one value in this process take turns: only other processes can come between. */
const turns = new Map<string, Promise<unknown>>();

async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.catch(() => {});
  turns.set(name, settled);
  try {
    return await mine;
  } finally {
    if (turns.get(name) === settled) turns.delete(name);
  }
}

/** The storage that one visit of a node sees. */
export function createFlowStorage(pool: pg.Pool, owner: StorageOwner): FlowStorage {
  const { organizationId, flowId, nodeId } = owner;
  const place = (scope: StorageScope): [string, string, string] => [
    organizationId,
    scope === "organization" ? "" : flowId,
    scope === "node" ? nodeId : "",
  ];
  const WHERE = "organization_id = $1 and flow_id = $2 and node_id = $3 and execution_id = ''";

  const read = async (scope: StorageScope, key: string): Promise<Kept | undefined> => {
    const { rows } = await patiently(() =>
      pool.query<Kept>(`select value, version from flow_storage where ${WHERE} and key = $4`, [...place(scope), key]),
    );
    return rows[0];
  };

  /** What a flow keeps in all, with what its nodes keep for themselves, stays within bounds. */
  const assertRoom = async (scope: StorageScope, text: string): Promise<void> => {
    const [, flow] = place(scope);
    const { rows } = await patiently(() =>
      pool.query<{ entries: number; size: string | null }>(
        "select count(*)::int as entries, sum(octet_length(value)) as size from flow_storage where organization_id = $1 and flow_id = $2",
        [organizationId, flow],
      ),
    );
    const whose = flow === "" ? "The organization" : "The flow";
    if ((rows[0]?.entries ?? 0) >= MAX_ENTRIES) {
      throw new FatalError(`${whose} keeps ${MAX_ENTRIES} values already, the most it can: delete some first`);
    }
    if (Number(rows[0]?.size ?? 0) + text.length > MAX_CHARACTERS) {
      throw new FatalError(`${whose} keeps as much as it can (${MAX_CHARACTERS / 1024 / 1024} MiB): delete something first`);
    }
  };

  /** @returns false where something else is kept by now than what was read */
  const replace = async (scope: StorageScope, key: string, known: Kept | undefined, text: string | undefined): Promise<boolean> => {
    if (text === undefined) {
      if (!known) return true;
      const remove = () =>
        pool.query(`delete from flow_storage where ${WHERE} and key = $4 and version = $5`, [...place(scope), key, known.version]);
      return onceKnown(key, remove, async () => (await read(scope, key))?.version ?? null, null);
    }
    if (!known || text.length > known.value.length) await assertRoom(scope, text);
    const version = newVersion();
    const write = () =>
      known
        ? pool.query(`update flow_storage set value = $6, version = $7, updated_at = now() where ${WHERE} and key = $4 and version = $5`, [
            ...place(scope),
            key,
            known.version,
            text,
            version,
          ])
        : pool.query(
            "insert into flow_storage (organization_id, flow_id, node_id, key, value, version) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            [...place(scope), key, text, version],
          );
    return onceKnown(key, write, async () => (await read(scope, key))?.version ?? null, version);
  };

  const update: FlowStorage["update"] = (key, change, scope = "flow") =>
    inTurn(JSON.stringify([...place(scope), key]), async () => {
      for (;;) {
        const known = await read(scope, key);
        const next = change(known && (JSON.parse(known.value) as Json));
        const text = next === undefined ? undefined : assertStorable(key, next);
        if (text !== undefined && text === known?.value) return next;
        if (await replace(scope, key, known, text)) return next;
      }
    });

  return {
    update,
    async get(key, scope = "flow") {
      const known = await read(scope, key);
      return known && (JSON.parse(known.value) as Json);
    },
    async set(key, value, scope = "flow") {
      await update(key, () => value, scope);
    },
    async delete(key, scope = "flow") {
      for (;;) {
        const known = await read(scope, key);
        if (!known) return false;
        if (await replace(scope, key, known, undefined)) return true;
      }
    },
    async list(prefix = "", scope = "flow") {
      const { rows } = await patiently(() =>
        pool.query<{ key: string; value: string }>(
          `select key, value from flow_storage where ${WHERE} and starts_with(key, $4) order by key collate "C" limit ${MAX_LISTED}`,
          [...place(scope), prefix],
        ),
      );
      return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as Json }));
    },
    staticData: createStaticData(pool, owner),
  };
}
