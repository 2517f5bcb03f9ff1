-- Arrivals that started nothing when they came: kept with what they brought, until someone replays or discards them. What starts
-- an execution at once has none of this; its input is the execution's.
ALTER TABLE "trigger_event"
  ADD COLUMN "held_for" TEXT,
  ADD COLUMN "input" TEXT,
  ADD COLUMN "input_payload_id" TEXT,
  ADD COLUMN "input_bytes" INTEGER,
  ADD COLUMN "replayed_as" TEXT;

-- Few among many: the list, and what one trigger has kept.
CREATE INDEX IF NOT EXISTS trigger_event_held ON trigger_event (organization_id, received_at DESC, id DESC) WHERE held_for IS NOT NULL;
CREATE INDEX IF NOT EXISTS trigger_event_held_trigger ON trigger_event (trigger_id, received_at DESC, id DESC) WHERE held_for IS NOT NULL;
