import { configuredProviders } from "../../auth/providers";
import { register, registerSchema } from "../../services/accounts/register";
import { inputOf, procedure, publicProcedure, router } from "../init";

export const sessionRouter = router({
  /** Who is signed in, where, and what else they are a member of. */
  me: procedure.query(({ ctx }) => ctx.currentSession),
});

export const accountRouter = router({
  /** Makes an account; the answer tells nothing about whether there was one. Sign in afterwards. */
  register: publicProcedure.input(inputOf(registerSchema)).mutation(({ ctx, input }) => register({ address: ctx.address, input })),
  /** What besides e-mail and password can be used to sign in here. */
  providers: publicProcedure.query(() => ({ providers: configuredProviders() })),
});
