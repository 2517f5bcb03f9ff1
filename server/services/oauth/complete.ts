import { z } from "zod";
import { db } from "@/server/db";
import { sharedHttpClient } from "@/server/http/shared-client";
import { browserHash } from "@/server/oauth/browser-binding";
import { redeemCode } from "@/server/oauth/client";
import { loadOAuthClient } from "@/server/oauth/load-client";
import { unseal } from "@/server/secrets/seal";
import { authorize } from "../authorize";
import type { ServiceContext } from "../context";
import { ServiceError } from "../errors";
import { parse } from "../parse";
import { connectionSchema, readable, stateHash, verifierOwner } from "./begin";
import { countedFlow } from "./counted-flow";
import { storeConnection } from "./store-connection";

export const completeOAuthSchema = z.object({
  state: z.string().min(1).max(1000),
  code: z.string().max(8000).optional(),
  /** Who answered, where the provider says so. */
  iss: z.string().max(2000).optional(),
  error: z.string().max(500).optional(),
  error_description: z.string().max(2000).optional(),
});

/**
 * Ends what `beginOAuth` began, with what the provider sent the person back with.
 * @throws ServiceError `conflict` for a state that is unknown, used, too old, another's or another browser's, and when the provider refused
 */
export async function completeOAuth({
  ctx,
  input,
  browser,
}: {
  ctx: ServiceContext;
  input: z.input<typeof completeOAuthSchema>;
  /** What the browser was given when it began (`bindingOf`); null when it brings none. */
  browser: string | null;
}): Promise<{
  credentialId: string;
  toolKey: string;
  orgId: string;
}> {
  const caller = authorize(ctx, "editor");
  const { state, ...answer } = parse(completeOAuthSchema, input);
  const { organizationId } = caller;
  return countedFlow(organizationId, async (is) => {
    const hash = stateHash(state);
    const inBrowser = caller.userId === null || browser === null ? null : browserHash(browser);
    // Whoever takes the row away has it: a state counts once, however many bring it at the same time.
    const [begun] = await db().$queryRaw<{ config_key: string; request: unknown; verifier: string }[]>`
    delete from oauth_state
    where hash = ${hash} and organization_id = ${organizationId} and actor = ${caller.name}
      and browser_hash is not distinct from ${inBrowser} and expires_at > now()
    returning config_key, request, verifier`;
    if (!begun)
      throw new ServiceError(
        "conflict",
        "This connection was begun by someone else, in another browser, more than ten minutes ago, or is made already. Begin again.",
      );
    const config = await db().oauthConfig.findUnique({ where: { organizationId_key: { organizationId, key: begun.config_key } } });
    is(config?.provider);
    if (answer.error !== undefined) {
      const reason =
        answer.error === "access_denied"
          ? "access was not given"
          : `${answer.error}${answer.error_description ? `: ${answer.error_description}` : ""}`;
      throw new ServiceError("conflict", `Not connected: ${reason}`);
    }
    if (!answer.code)
      throw new ServiceError("invalid", "code: is missing", { issues: [{ field: "code", message: "is missing", code: "missing" }] });
    const parameters = new URLSearchParams({ state, code: answer.code, ...(answer.iss !== undefined && { iss: answer.iss }) });
    return readable(async () => {
      const http = sharedHttpClient();
      const client = await loadOAuthClient(organizationId, begun.config_key, http);
      const verifier = unseal(begun.verifier, verifierOwner(organizationId, hash));
      const tokens = await redeemCode(client, { parameters, state, verifier }, http);
      const stored = await storeConnection(caller, client, connectionSchema.parse(begun.request), tokens);
      return { ...stored, orgId: organizationId };
    });
  });
}
