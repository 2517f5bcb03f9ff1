-- Arrivals that came while too much was queued, and start by themselves once there is room: the oldest of each organization first,
-- and whether a trigger still has some.
CREATE INDEX IF NOT EXISTS trigger_event_busy ON trigger_event (organization_id, received_at, id)
  WHERE held_for = 'busy' AND replayed_as IS NULL;
CREATE INDEX IF NOT EXISTS trigger_event_busy_trigger ON trigger_event (trigger_id, received_at)
  WHERE held_for = 'busy' AND replayed_as IS NULL;

-- Flow variables that an API call gave, for its replay (JSON text).
ALTER TABLE trigger_event ADD COLUMN IF NOT EXISTS variables TEXT;
