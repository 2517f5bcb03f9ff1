import { deleteStorage, deleteStorageSchema } from "../../services/storage/delete";
import { listStorage, listStorageSchema } from "../../services/storage/list";
import { setStorage, setStorageSchema } from "../../services/storage/set";
import { inputOf, procedure, router } from "../init";

/** What flows keep from one execution to the next. */
export const storageRouter = router({
  list: procedure.input(inputOf(listStorageSchema)).query(({ ctx, input }) => listStorage({ ctx: ctx.service, input })),
  set: procedure.input(inputOf(setStorageSchema)).mutation(({ ctx, input }) => setStorage({ ctx: ctx.service, input })),
  delete: procedure.input(inputOf(deleteStorageSchema)).mutation(({ ctx, input }) => deleteStorage({ ctx: ctx.service, input })),
});
