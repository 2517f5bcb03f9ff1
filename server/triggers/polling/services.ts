import type { NodeContext } from "@/flow/node/context";
import { env } from "@/server/env";
import { expressionEnvironment } from "@/server/execution/expression-environment";
import { createHostCheck } from "@/server/http/check-host";
import { createConnect } from "@/server/http/connect";
import type { ClosableHttpClient } from "@/server/http/guarded-client";
import { sharedHttpClient } from "@/server/http/shared-client";

/** What polls may use of the world. */
export interface PollServices {
  http: ClosableHttpClient;
  checkHost: NodeContext["checkHost"];
  connect: NodeContext["connect"];
  env: Readonly<Record<string, string>>;
}

/** That of this installation. */
export function pollServices(): PollServices {
  const settings = env();
  const { HTTP_ALLOWLIST: allowlist } = settings;
  return {
    http: sharedHttpClient(),
    checkHost: createHostCheck({ allowlist }),
    connect: createConnect({ allowlist }),
    env: expressionEnvironment(settings),
  };
}
