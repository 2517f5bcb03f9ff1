import { serve } from "inngest/next";
import { env } from "@/server/env";
import { engineName } from "@/server/execution/engine-name";
import { serveOptions } from "./serve-options";

type Handler = ReturnType<typeof serve>["POST"];

const handlers = serve(serveOptions());

/** Executions run elsewhere: there is nothing here that anyone may call. */
const whereInngestRuns =
  (handler: Handler): Handler =>
  async (...call) =>
    engineName(env()) === "inngest" ? handler(...call) : new Response(null, { status: 404 });

/** Where Inngest calls us. */
export const GET = whereInngestRuns(handlers.GET);
export const POST = whereInngestRuns(handlers.POST);
export const PUT = whereInngestRuns(handlers.PUT);
