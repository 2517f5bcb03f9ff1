-- Executions that wait, for an approval perhaps for weeks, are found by their values as well: with those of until then, and with all
-- of them once they have ended.
ALTER TABLE "execution_search" ADD COLUMN "is_final" BOOLEAN NOT NULL DEFAULT TRUE;

-- Few rows at any time; those that end in one go are never in it.
CREATE INDEX "execution_parked_idx" ON "execution" ("created_at") WHERE status IN ('waiting', 'paused');
