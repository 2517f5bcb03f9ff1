import type { z } from "zod";
import { createAction, type createActionSchema } from "../services/actions/create";
import { deleteAction } from "../services/actions/delete";
import { executeAction, type executeActionSchema } from "../services/actions/execute";
import { getAction } from "../services/actions/get";
import { inputErrorAnswer } from "../services/actions/input-error";
import { listActions } from "../services/actions/list";
import { updateAction, type updateActionSchema } from "../services/actions/update";
import { fieldsOf, numberOf, type RestRoute } from "./route";

/** What tools can do, and doing it. */
export const actionRoutes: RestRoute[] = [
  {
    method: "GET",
    path: "/actions",
    async handle({ ctx, query }) {
      const input = {
        toolId: query.get("toolId") ?? undefined,
        search: query.get("search") ?? undefined,
        offset: numberOf(query, "offset"),
        limit: numberOf(query, "limit"),
      };
      return { body: await listActions({ ctx, input }) };
    },
  },
  {
    method: "POST",
    path: "/actions",
    handle: async ({ ctx, body }) => ({
      status: 201,
      body: await createAction({ ctx, input: fieldsOf(body) as z.input<typeof createActionSchema> }),
    }),
  },
  {
    method: "GET",
    path: "/actions/:id",
    handle: async ({ ctx, params }) => ({ body: await getAction({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "PUT",
    path: "/actions/:id",
    handle: async ({ ctx, params, body }) => {
      const input = { ...fieldsOf(body), id: params.id ?? "" } as z.input<typeof updateActionSchema>;
      return { body: await updateAction({ ctx, input }) };
    },
  },
  {
    method: "DELETE",
    path: "/actions/:id",
    handle: async ({ ctx, params }) => ({ body: await deleteAction({ ctx, input: { id: params.id ?? "" } }) }),
  },
  {
    method: "POST",
    path: "/actions/:id/execute",
    async handle({ ctx, params, body, signal }) {
      const { inputs, credentialId } = fieldsOf(body);
      const input = { id: params.id ?? "", inputs, credentialId } as z.input<typeof executeActionSchema>;
      try {
        return { body: await executeAction({ ctx, input, signal }) };
      } catch (thrown) {
        const answer = inputErrorAnswer(thrown);
        if (answer) return { status: answer.statusCode, body: answer };
        throw thrown;
      }
    },
  },
];
