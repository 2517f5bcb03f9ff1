-- Events that somebody announced by name; kept for a while, so that a wait registered later finds them.
CREATE TABLE "named_event" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "dedupe_key" TEXT,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "dispatched_at" TIMESTAMPTZ(6),

    CONSTRAINT "named_event_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "named_event_organization_id_name_dedupe_key_key" ON "named_event"("organization_id", "name", "dedupe_key");
CREATE INDEX "named_event_organization_id_name_received_at_idx" ON "named_event"("organization_id", "name", "received_at");
CREATE INDEX "named_event_undispatched" ON "named_event"("received_at") WHERE dispatched_at IS NULL;

-- One event ends one wait of an execution at most.
CREATE TABLE "named_event_delivery" (
    "event_id" TEXT NOT NULL,
    "execution_id" TEXT NOT NULL,
    "step_key" TEXT NOT NULL,

    CONSTRAINT "named_event_delivery_pkey" PRIMARY KEY ("event_id", "execution_id")
);
CREATE INDEX "named_event_delivery_execution_id_idx" ON "named_event_delivery"("execution_id");

-- Waits for named events, apart from those for calls and decisions.
CREATE INDEX "execution_wait_named" ON "execution_wait"("organization_id") WHERE event LIKE 'named:%';
