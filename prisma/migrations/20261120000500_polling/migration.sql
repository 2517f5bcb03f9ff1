-- Where each polling trigger stands. Beside the registration: it changes with every poll.
CREATE TABLE "poll_state" (
    "trigger_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "source" TEXT,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "cursor" TEXT,
    "next_at" TIMESTAMPTZ(3),
    "lease_id" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "polled_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "poll_state_pkey" PRIMARY KEY ("trigger_id"),
    CONSTRAINT "poll_state_trigger_id_fkey" FOREIGN KEY ("trigger_id") REFERENCES "trigger"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "poll_state_next_at_idx" ON "poll_state"("next_at");
CREATE INDEX "poll_state_organization_id_idx" ON "poll_state"("organization_id");

-- What polls have found: each thing starts at most one execution, however often it is found.
CREATE TABLE "poll_event" (
    "trigger_id" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "event_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "poll_event_pkey" PRIMARY KEY ("trigger_id", "generation", "event_id"),
    CONSTRAINT "poll_event_trigger_id_fkey" FOREIGN KEY ("trigger_id") REFERENCES "trigger"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "poll_event_found_at_idx" ON "poll_event"("found_at");

-- What has been found and not yet started, written with the cursor; gone once its execution is recorded.
CREATE TABLE "poll_batch" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "trigger_id" TEXT NOT NULL,
    "position" BIGSERIAL NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "items" TEXT NOT NULL,
    "retry_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "poll_batch_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "poll_batch_trigger_id_fkey" FOREIGN KEY ("trigger_id") REFERENCES "trigger"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "poll_batch_trigger_id_position_idx" ON "poll_batch"("trigger_id", "position");
CREATE INDEX "poll_batch_retry_at_idx" ON "poll_batch"("retry_at");

-- Files that polls keep before there is an execution that they belong to.
CREATE INDEX "payload_polled" ON "payload"("created_at") WHERE "id" LIKE 'poll\_%' AND "execution_id" IS NULL;
