import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
  type Transaction,
} from "@prisma/driver-adapter-utils";
import pg from "pg";
import { parseIntoClientConfig } from "pg-connection-string";

/**
 * Lets Prisma's schema engine work over `pg`. `@prisma/adapter-pg` is made for queries and needs four repairs for it:
 * 1. `"char"` columns of the catalog (one byte) are unknown to it and make introspection fail;
 * 2. `executeScript` splits at every `;`, also inside functions and literals;
 * 3. its shadow database is the main one when it is given a connection string, so a replay would hit real data;
 * 4. it drops the shadow database while still connected to it, which fails and leaves it behind.
 */
export class MigrationAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = "postgres";
  readonly adapterName = "@prisma/adapter-pg";
  readonly #config: pg.PoolConfig;

  constructor(databaseUrl: string) {
    // Repair 3: parts instead of a string, so that another `database` really is another one.
    this.#config = { ...parseIntoClientConfig(databaseUrl), max: 1 };
  }

  connect(): Promise<SqlDriverAdapter> {
    return openAdapter(this.#config, async () => {});
  }

  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const database = `shadow_${crypto.randomUUID().replaceAll("-", "")}`;
    await this.#administrate(`CREATE DATABASE "${database}" TEMPLATE template0`);
    return openAdapter({ ...this.#config, database }, () => this.#administrate(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`));
  }

  async #administrate(sql: string): Promise<void> {
    const client = new pg.Client(this.#config);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

async function openAdapter(config: pg.PoolConfig, cleanUp: () => Promise<void>): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool(config);
  // A connection that the server closed is noticed by the next query; without a listener it would end the process.
  pool.on("error", () => {});
  const adapter = await new PrismaPg(pool).connect();
  const startTransaction = adapter.startTransaction.bind(adapter);
  return Object.assign(withCharColumns(adapter), {
    startTransaction: async (...options: Parameters<typeof startTransaction>): Promise<Transaction> =>
      withCharColumns(await startTransaction(...options)),
    // Repair 2: Postgres splits scripts itself.
    executeScript: async (script: string): Promise<void> => {
      await pool.query(script).catch((error) => raise(adapter, error));
    },
    // Repair 4: leave first, then drop.
    dispose: async (): Promise<void> => {
      await pool.end();
      await cleanUp();
    },
  });
}

const charOid = 18;
const textOid = 25;

interface QueryInternals {
  performIO(query: SqlQuery): Promise<{ fields: { dataTypeID: number }[] }>;
  onError(error: unknown): never;
}

/** Maps a driver's error as the adapter does for its own queries. */
const raise = (adapter: object, error: unknown): never => (adapter as QueryInternals).onError(error);

/** Repair 1: reads `"char"` as text and reports it as a character. */
function withCharColumns<Q extends SqlQueryable>(queryable: Q): Q {
  const internals = queryable as unknown as QueryInternals;
  const charColumns = new WeakMap<SqlQuery, number[]>();
  const performIO = internals.performIO.bind(queryable);
  internals.performIO = async (query) => {
    const result = await performIO(query);
    const found = result.fields.flatMap((field, index) => (field.dataTypeID === charOid ? [index] : []));
    if (found.length === 0) return result;
    charColumns.set(query, found);
    const fields = result.fields.map((field) => (field.dataTypeID === charOid ? { ...field, dataTypeID: textOid } : field));
    return Object.assign(Object.create(result), result, { fields });
  };
  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (query: SqlQuery): Promise<SqlResultSet> => {
    const result = await queryRaw(query);
    for (const column of charColumns.get(query) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
  return queryable;
}
