import { FatalError } from "@/flow/execution/errors";
import type { HttpClient, Sandbox } from "@/flow/node/context";
import { type DaytonaSettings, daytonaSettingsSchema, type Environment } from "@/server/env";
import { awsSecretStore } from "@/server/secrets/aws-store";
import { UnreadableSecretError } from "@/server/secrets/envelope";
import { createDaytonaSandbox } from "./sandbox";

const NAMES = Object.keys(daytonaSettingsSchema.shape);

/**
 * The settings of Daytona: those of the environment, with what the operator's secret in AWS Secrets Manager says over them. The secret is
 * read anew every five minutes: a key that was changed there counts without a new start.
 * @throws FatalError when the secret cannot be read, or has something wrong in it
 */
export async function daytonaSettings(settings: Environment): Promise<DaytonaSettings> {
  const { USE_AWS_SECRETS, AWS_SECRET_NAME } = settings;
  if (!USE_AWS_SECRETS || AWS_SECRET_NAME === undefined) return settings;
  const where = `the secret "${AWS_SECRET_NAME}" (AWS_SECRET_NAME)`;
  const kept = await awsSecretStore()
    .settings(AWS_SECRET_NAME)
    .catch((cause: unknown) => {
      if (!(cause instanceof UnreadableSecretError)) throw cause;
      throw new FatalError(`The settings of Daytona cannot be read from ${where}: ${cause.message}`, { cause });
    });
  const said = Object.fromEntries(NAMES.flatMap((name) => (kept[name]?.trim() ? [[name, kept[name]]] : [])));
  const parsed = daytonaSettingsSchema.safeParse({ ...inherited(settings), ...said });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FatalError(`${String(issue?.path[0])} in ${where} is wrong: it ${issue?.message}`);
}

const inherited = (settings: Environment): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).filter(([name, value]) => NAMES.includes(name) && value !== undefined));

/** Daytona as this installation's settings have it; undefined where nothing can say its key. */
export function daytonaOf(settings: Environment, http: HttpClient): Sandbox | undefined {
  const { DAYTONA_API_KEY, USE_AWS_SECRETS, AWS_SECRET_NAME } = settings;
  if (DAYTONA_API_KEY === undefined && !(USE_AWS_SECRETS && AWS_SECRET_NAME !== undefined)) return undefined;
  return {
    async run(job, signal) {
      const current = await daytonaSettings(settings);
      if (current.DAYTONA_API_KEY === undefined)
        throw new FatalError(
          `This code runs in Daytona, which is not set up here. Set DAYTONA_API_KEY, or put it into the secret "${AWS_SECRET_NAME}" in AWS Secrets Manager`,
        );
      const daytona = createDaytonaSandbox({
        apiKey: current.DAYTONA_API_KEY,
        baseUrl: current.DAYTONA_BASE_URL,
        http,
        snapshot: current.DAYTONA_SNAPSHOT,
        target: current.DAYTONA_TARGET,
        syncTimeoutMs: current.DAYTONA_SYNC_TIMEOUT,
        asyncTimeoutMs: current.DAYTONA_ASYNC_TIMEOUT,
      });
      return daytona.run(job, signal);
    },
  };
}
