import { actionRoutes } from "./actions";
import { arrivalRoutes } from "./arrivals";
import { credentialRoutes, toolSecretRoutes } from "./credentials";
import { eventRoutes } from "./events";
import { executionLogRoutes } from "./execution-logs";
import { executionRoutes } from "./executions";
import { flowExecutionRoutes } from "./flow-executions";
import { flowRoutes } from "./flows";
import { oauthRoutes } from "./oauth";
import type { RestRoute } from "./route";
import { toolRoutes } from "./tools";
import { triggerRoutes } from "./triggers";
import { webhookRoutes } from "./webhooks";

/** All of `/api/v1`. What is not here does not exist; what is here, the tests try with every role. */
export const restRoutes: readonly RestRoute[] = [
  ...flowRoutes,
  ...toolSecretRoutes,
  ...credentialRoutes,
  ...oauthRoutes,
  ...toolRoutes,
  ...actionRoutes,
  ...triggerRoutes,
  ...arrivalRoutes,
  ...eventRoutes,
  ...webhookRoutes,
  ...flowExecutionRoutes,
  ...executionRoutes,
  ...executionLogRoutes,
];
