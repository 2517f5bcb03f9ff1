import { router } from "./init";
import { actionsRouter } from "./routers/actions";
import { arrivalsRouter } from "./routers/arrivals";
import { credentialsRouter, oauthRouter } from "./routers/credentials";
import { eventsRouter } from "./routers/events";
import { executionsRouter, liveRouter } from "./routers/executions";
import { flowsRouter } from "./routers/flows";
import { apiKeysRouter, auditRouter, invitationsRouter, membersRouter, organizationsRouter } from "./routers/organization";
import { accountRouter, sessionRouter } from "./routers/session";
import { storageRouter } from "./routers/storage";
import { toolsRouter } from "./routers/tools";
import { triggersRouter } from "./routers/triggers";
import { webhooksRouter } from "./routers/webhooks";

/** Everything that the app's pages ask. Procedures only adapt: services authorise, parse and act. */
export const appRouter = router({
  session: sessionRouter,
  account: accountRouter,
  organizations: organizationsRouter,
  members: membersRouter,
  invitations: invitationsRouter,
  apiKeys: apiKeysRouter,
  audit: auditRouter,
  flows: flowsRouter,
  tools: toolsRouter,
  actions: actionsRouter,
  credentials: credentialsRouter,
  oauth: oauthRouter,
  triggers: triggersRouter,
  arrivals: arrivalsRouter,
  events: eventsRouter,
  webhooks: webhooksRouter,
  executions: executionsRouter,
  live: liveRouter,
  storage: storageRouter,
});

export type AppRouter = typeof appRouter;
