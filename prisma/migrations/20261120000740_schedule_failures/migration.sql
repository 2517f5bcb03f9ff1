-- A slot that could not be started was told to the log alone; and since when a trigger fails was not told at all.
ALTER TABLE "trigger"
  ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "error" TEXT,
  ADD COLUMN "failed_at" TIMESTAMPTZ(3),
  ADD COLUMN "failing_since" TIMESTAMPTZ(3),
  ADD COLUMN "retry_at" TIMESTAMPTZ(3);
ALTER TABLE "poll_state" ADD COLUMN "failing_since" TIMESTAMPTZ(3);
