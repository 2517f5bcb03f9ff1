-- Executions that a step of another execution started.
CREATE TABLE "execution_link" (
    "child_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "parent_id" TEXT NOT NULL,
    "step_key" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "item_index" INTEGER NOT NULL,
    "awaited" BOOLEAN NOT NULL,
    "depth" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "execution_link_pkey" PRIMARY KEY ("child_id")
);
CREATE UNIQUE INDEX "execution_link_parent_id_step_key_attempt_item_index_key"
  ON "execution_link"("parent_id", "step_key", "attempt", "item_index");

-- What is still to be done about executions that ended; written with their end, so that none is missed.
CREATE TABLE "execution_end" (
    "execution_id" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(6),

    CONSTRAINT "execution_end_pkey" PRIMARY KEY ("execution_id")
);

-- Flows that listen to how others end are few, and most organizations have none.
CREATE INDEX "trigger_listening" ON "trigger"("organization_id") WHERE type = 'event' AND active;

CREATE OR REPLACE FUNCTION note_execution_end() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.mode = 'flow' OR NEW.status <> 'succeeded'
    OR EXISTS (SELECT 1 FROM trigger t WHERE t.organization_id = NEW.organization_id AND t.type = 'event' AND t.active) THEN
    INSERT INTO execution_end (execution_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER execution_ended AFTER UPDATE ON "execution" FOR EACH ROW
  WHEN (NEW.status IN ('succeeded', 'failed', 'cancelled', 'timed_out') AND OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION note_execution_end();
-- A run that ends before it was ever written is recorded in its final state.
CREATE TRIGGER execution_recorded_ended AFTER INSERT ON "execution" FOR EACH ROW
  WHEN (NEW.status IN ('succeeded', 'failed', 'cancelled', 'timed_out'))
  EXECUTE FUNCTION note_execution_end();
