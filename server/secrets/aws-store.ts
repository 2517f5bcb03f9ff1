import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { env } from "../env";
import { logger } from "../logger";
import { UnreadableSecretError } from "./envelope";
import type { SecretFields, SecretStore, StoredOwner } from "./secret-store";

interface CachedSecret {
  text: string;
  at: number;
  /** AWS is failing: not asked again before. */
  retryAt: number;
}

export interface AwsStoreOptions {
  /** The client, made at the first use. */
  client: () => Promise<SecretsManagerClient>;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** For so long a value counts as current; as long again and more when AWS does not answer. */
const FRESH_MS = 5 * 60_000;
const STALE_MS = 60 * 60_000;
const PAUSE_MS = 15_000;
/** Names what a secret belongs to, within the secret itself. */
const OWNER_FIELD = "_tolstoy";
const NAME_PART = /^[\w-]{1,64}$/;
/** Answers that mean: there is no such secret for us. Nothing old is given after them. */
const DEFINITE = new Set(["ResourceNotFoundException", "AccessDeniedException", "InvalidRequestException", "DecryptionFailure"]);

const nameOfError = (error: unknown): string => (error instanceof Error ? error.name : "");

/** Calls within a process share cache and client. The bundles' too. */
const holder = globalThis as unknown as { tolstoyAwsSecrets?: AwsSecretStore };

export interface AwsSecretStore extends SecretStore {
  /** Texts of a secret that the operator keeps there for the app, by name. Cached as those of credentials are. */
  settings(secretName: string): Promise<Record<string, string>>;
}

export function awsSecretStore(): AwsSecretStore {
  holder.tolstoyAwsSecrets ??= createAwsSecretStore({
    client: async () => {
      const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const { AWS_REGION, AWS_SECRETS_ENDPOINT } = env();
      return new SecretsManagerClient({ region: AWS_REGION, ...(AWS_SECRETS_ENDPOINT && { endpoint: AWS_SECRETS_ENDPOINT }) });
    },
  });
  return holder.tolstoyAwsSecrets;
}

/**
 * Fields in AWS Secrets Manager, named `tolstoy/{organization}/{tool}` (with the credential's id behind it when the tool has
 * several). Cached for five minutes, one request in flight a secret; while AWS fails, the last value serves for up to an hour.
 * The row keeps `aws:<name>#<version>`: a changed version is read at once by every process.
 */
export function createAwsSecretStore(options: AwsStoreOptions): AwsSecretStore {
  const now = options.now ?? Date.now;
  const cache = new Map<string, CachedSecret>();
  const flights = new Map<string, Promise<string>>();
  let made: Promise<SecretsManagerClient> | null = null;
  const client = (): Promise<SecretsManagerClient> => {
    made ??= options.client();
    return made;
  };

  async function fetchSecret(kept: string): Promise<string> {
    const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
    const { name, version } = partsOf(kept);
    const answer = await (await client()).send(new GetSecretValueCommand({ SecretId: name, ...(version && { VersionId: version }) }));
    const text = answer.SecretString ?? "";
    cache.set(kept, { text, at: now(), retryAt: 0 });
    return text;
  }

  async function read(kept: string): Promise<string> {
    const known = cache.get(kept);
    const age = known ? now() - known.at : Number.POSITIVE_INFINITY;
    if (known && (age < FRESH_MS || (known.retryAt > now() && age < STALE_MS))) return known.text;
    let flight = flights.get(kept);
    if (!flight) {
      flight = fetchSecret(kept).finally(() => flights.delete(kept));
      flights.set(kept, flight);
    }
    try {
      return await flight;
    } catch (error) {
      if (DEFINITE.has(nameOfError(error))) {
        cache.delete(kept);
        throw new UnreadableSecretError(`AWS Secrets Manager does not give it: ${nameOfError(error)}. Enter the values anew`, {
          cause: error,
        });
      }
      if (known && age < STALE_MS) {
        known.retryAt = now() + PAUSE_MS;
        logger.warn({ err: error, secret: partsOf(kept).name, ageMs: age }, "AWS Secrets Manager does not answer; an older value serves");
        return known.text;
      }
      throw new Error("AWS Secrets Manager cannot be reached at the moment", { cause: error });
    }
  }

  return {
    async put(owner, fields, kept) {
      const { PutSecretValueCommand, CreateSecretCommand } = await import("@aws-sdk/client-secrets-manager");
      const { organizationId, credentialId } = owner;
      const text = JSON.stringify({ ...fields, [OWNER_FIELD]: { organizationId, credentialId } });
      const aws = await client();
      const write = async (name: string): Promise<string> => {
        const { VersionId } = await aws.send(new PutSecretValueCommand({ SecretId: name, SecretString: text }));
        return `aws:${name}#${VersionId ?? ""}`;
      };
      const create = async (name: string): Promise<string> => {
        const Tags = [
          { Key: "app", Value: "tolstoy" },
          { Key: "organization", Value: organizationId },
        ];
        const { VersionId } = await aws.send(new CreateSecretCommand({ Name: name, SecretString: text, Tags }));
        return `aws:${name}#${VersionId ?? ""}`;
      };
      if (kept?.startsWith("aws:")) {
        const { name } = partsOf(kept);
        if (!name.startsWith(`tolstoy/${organizationId}/`)) throw notOwned();
        try {
          return await write(name);
        } catch (error) {
          if (nameOfError(error) !== "ResourceNotFoundException") throw error;
          return create(name);
        }
      }
      try {
        return await create(nameFor(owner));
      } catch (error) {
        if (nameOfError(error) !== "ResourceExistsException") throw error;
        return create(`${nameFor(owner)}/${credentialId}`);
      }
    },
    async get(owner, kept) {
      if (!partsOf(kept).name.startsWith(`tolstoy/${owner.organizationId}/`)) throw notOwned();
      const { [OWNER_FIELD]: belongsTo, ...fields } = JSON.parse(await read(kept)) as Record<string, unknown>;
      const of = belongsTo as { organizationId?: unknown; credentialId?: unknown } | undefined;
      if (of && (of.organizationId !== owner.organizationId || of.credentialId !== owner.credentialId)) throw notOwned();
      return Object.fromEntries(
        Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      ) satisfies SecretFields;
    },
    async settings(secretName) {
      const parsed: unknown = parseJson(await read(`aws:${secretName}#`));
      if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
        throw new UnreadableSecretError(`The secret "${secretName}" in AWS Secrets Manager is not a JSON object of settings`);
      return Object.fromEntries(
        Object.entries(parsed).flatMap(([name, value]) =>
          typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [],
        ),
      );
    },
    async delete(owner, kept) {
      const { DeleteSecretCommand } = await import("@aws-sdk/client-secrets-manager");
      const { name } = partsOf(kept);
      if (!name.startsWith(`tolstoy/${owner.organizationId}/`)) throw notOwned();
      cache.delete(kept);
      try {
        await (await client()).send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
      } catch (error) {
        if (nameOfError(error) !== "ResourceNotFoundException") throw error;
      }
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const notOwned = () => new UnreadableSecretError("It is not what was stored for this credential of this organization");

function partsOf(kept: string): { name: string; version: string } {
  const [name = "", version = ""] = kept.slice("aws:".length).split("#");
  return { name, version };
}

function nameFor({ organizationId, credentialId, tool }: StoredOwner): string {
  const last = tool && NAME_PART.test(tool) ? tool : credentialId;
  for (const part of [organizationId, last]) if (!NAME_PART.test(part)) throw new Error(`"${part}" cannot be part of a secret's name`);
  return `tolstoy/${organizationId}/${last}`;
}
