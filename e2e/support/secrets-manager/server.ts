import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";

interface Version {
  id: string;
  stages: string[];
  text: string;
}

interface Secret {
  name: string;
  tags: { Key: string; Value: string }[];
  versions: Version[];
}

interface Failure {
  /** Name of AWS's exception. */
  type?: string;
  status?: number;
  /** Cuts the connection instead of answering. */
  drop?: boolean;
}

export interface SecretsManagerServer {
  url: string;
  secrets: Map<string, Secret>;
  /** Calls so far. */
  calls: { operation: string; secret: string; signed: boolean }[];
  /** What the next calls answer instead; null for the truth. */
  fail(failure: Failure | null): void;
  close(): Promise<void>;
}

class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

interface Call {
  Name?: string;
  SecretId?: string;
  SecretString?: string;
  VersionId?: string;
  ClientRequestToken?: string;
  Tags?: { Key: string; Value: string }[];
}

/** A small in-memory stand-in for AWS Secrets Manager, enough for the real client to create, read, change and delete secrets. */
export async function startSecretsManager(): Promise<SecretsManagerServer> {
  const secrets = new Map<string, Secret>();
  const calls: SecretsManagerServer["calls"] = [];
  let failure: Failure | null = null;

  const find = (id = ""): Secret => {
    const secret = secrets.get(id);
    if (!secret) throw new Refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    return secret;
  };
  const put = (secret: Secret, { SecretString = "", ClientRequestToken }: Call) => {
    for (const version of secret.versions) version.stages = version.stages.includes("AWSCURRENT") ? ["AWSPREVIOUS"] : [];
    const version = { id: ClientRequestToken ?? randomUUID(), stages: ["AWSCURRENT"], text: SecretString };
    secret.versions.push(version);
    return { ARN: `arn:aws:secretsmanager:local:0:secret:${secret.name}`, Name: secret.name, VersionId: version.id };
  };
  const operations: Record<string, (call: Call) => unknown> = {
    CreateSecret(call) {
      const name = call.Name ?? "";
      if (secrets.has(name)) throw new Refusal("ResourceExistsException", "The operation failed because the secret already exists.");
      const secret: Secret = { name, tags: call.Tags ?? [], versions: [] };
      secrets.set(name, secret);
      return put(secret, call);
    },
    PutSecretValue: (call) => put(find(call.SecretId), call),
    GetSecretValue({ SecretId, VersionId }) {
      const secret = find(SecretId);
      const version = secret.versions.find(({ id, stages }) => (VersionId ? id === VersionId : stages.includes("AWSCURRENT")));
      if (!version) throw new Refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret value.");
      return { Name: secret.name, SecretString: version.text, VersionId: version.id, VersionStages: version.stages };
    },
    DeleteSecret({ SecretId }) {
      const { name } = find(SecretId);
      secrets.delete(name);
      return { Name: name };
    },
  };

  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const call = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Call;
    const signed = request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") ?? false;
    calls.push({ operation, secret: call.SecretId ?? call.Name ?? "", signed });
    const answer = (status: number, body: unknown, type?: string) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1", ...(type && { "x-amzn-errortype": type }) });
      response.end(JSON.stringify(body));
    };
    try {
      if (failure?.drop) return void request.socket.destroy();
      if (failure) throw new Refusal(failure.type ?? "InternalServiceError", "as asked for", failure.status ?? 500);
      const run = operations[operation];
      if (!run) throw new Refusal("UnknownOperationException", operation);
      answer(200, run(call));
    } catch (error) {
      const { type, status } = error instanceof Refusal ? error : { type: "InternalServiceError", status: 500 };
      answer(status, { __type: type, Message: String(error) }, type);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    calls,
    fail: (next) => {
      failure = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
