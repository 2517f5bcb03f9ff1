import { bindingCookie, bindingOf, clearedBindingCookie, newBrowserBinding } from "../../oauth/browser-binding";
import { createCredential, createCredentialSchema } from "../../services/credentials/create";
import { deleteCredential, deleteCredentialSchema } from "../../services/credentials/delete";
import { credentialIdSchema, getCredential } from "../../services/credentials/get";
import { listCredentials, listCredentialsSchema } from "../../services/credentials/list";
import { rotateCredential, rotateCredentialSchema } from "../../services/credentials/rotate";
import { shareCredential, shareCredentialSchema } from "../../services/credentials/share";
import { testCredential, testCredentialSchema } from "../../services/credentials/test";
import { unmaskCredential, unmaskCredentialSchema } from "../../services/credentials/unmask";
import { updateCredential, updateCredentialSchema } from "../../services/credentials/update";
import { beginOAuth, beginOAuthSchema } from "../../services/oauth/begin";
import { completeOAuth, completeOAuthSchema } from "../../services/oauth/complete";
import {
  deleteOAuthConfig,
  getOAuthConfig,
  listOAuthProviders,
  oauthConfigKeySchema,
  setOAuthConfig,
  setOAuthConfigSchema,
} from "../../services/oauth/config";
import { disconnectOAuth } from "../../services/oauth/disconnect";
import { inputOf, procedure, router } from "../init";

export const credentialsRouter = router({
  list: procedure.input(inputOf(listCredentialsSchema)).query(({ ctx, input }) => listCredentials({ ctx: ctx.service, input })),
  get: procedure.input(inputOf(credentialIdSchema)).query(({ ctx, input }) => getCredential({ ctx: ctx.service, input })),
  create: procedure.input(inputOf(createCredentialSchema)).mutation(({ ctx, input }) => createCredential({ ctx: ctx.service, input })),
  update: procedure.input(inputOf(updateCredentialSchema)).mutation(({ ctx, input }) => updateCredential({ ctx: ctx.service, input })),
  rotate: procedure.input(inputOf(rotateCredentialSchema)).mutation(({ ctx, input }) => rotateCredential({ ctx: ctx.service, input })),
  share: procedure.input(inputOf(shareCredentialSchema)).mutation(({ ctx, input }) => shareCredential({ ctx: ctx.service, input })),
  test: procedure.input(inputOf(testCredentialSchema)).mutation(({ ctx, input }) => testCredential({ ctx: ctx.service, input })),
  /** In clear, to people who type in their password. */
  unmask: procedure.input(inputOf(unmaskCredentialSchema)).mutation(({ ctx, input }) => unmaskCredential({ ctx: ctx.service, input })),
  delete: procedure.input(inputOf(deleteCredentialSchema)).mutation(({ ctx, input }) => deleteCredential({ ctx: ctx.service, input })),
});

export const oauthRouter = router({
  providers: procedure.query(({ ctx }) => listOAuthProviders({ ctx: ctx.service })),
  config: procedure.input(inputOf(oauthConfigKeySchema)).query(({ ctx, input }) => getOAuthConfig({ ctx: ctx.service, input })),
  setConfig: procedure.input(inputOf(setOAuthConfigSchema)).mutation(({ ctx, input }) => setOAuthConfig({ ctx: ctx.service, input })),
  deleteConfig: procedure.input(inputOf(oauthConfigKeySchema)).mutation(({ ctx, input }) => deleteOAuthConfig({ ctx: ctx.service, input })),
  begin: procedure.input(inputOf(beginOAuthSchema)).mutation(async ({ ctx, input }) => {
    const browser = newBrowserBinding();
    const begun = await beginOAuth({ ctx: ctx.service, input, browser });
    if (begun.state !== null) ctx.answerHeaders.append("set-cookie", bindingCookie(begun.state, browser));
    return begun;
  }),
  complete: procedure.input(inputOf(completeOAuthSchema)).mutation(({ ctx, input }) => {
    const state = String(input?.state);
    ctx.answerHeaders.append("set-cookie", clearedBindingCookie(state));
    return completeOAuth({ ctx: ctx.service, input, browser: bindingOf(ctx.cookies, state) });
  }),
  disconnect: procedure.input(inputOf(credentialIdSchema)).mutation(({ ctx, input }) => disconnectOAuth({ ctx: ctx.service, input })),
});
