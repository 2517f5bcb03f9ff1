-- Addresses that are told what happens in an organization, and what they were told.
CREATE TABLE "webhook" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "event_types" TEXT[],
    "secret" TEXT,
    "headers" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_by_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "webhook_organization_id_created_at_idx" ON "webhook"("organization_id", "created_at");
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "webhook_delivery" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "execution_id" TEXT,
    "key" TEXT,
    "payload" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "announced_at" TIMESTAMPTZ(3),
    "response_status" INTEGER,
    "error" TEXT,
    "duration_ms" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "webhook_delivery_webhook_id_key_key" ON "webhook_delivery"("webhook_id", "key");
CREATE INDEX "webhook_delivery_webhook_id_created_at_idx" ON "webhook_delivery"("webhook_id", "created_at" DESC);
CREATE INDEX "webhook_delivery_finished_at_idx" ON "webhook_delivery"("finished_at");
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery"("next_at") WHERE status = 'pending';
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Executions to look at, because something has happened in them. Rows are only added and taken: who executes never waits for who
-- reads. How far the journal was read is kept apart.
CREATE TABLE "webhook_look" (
    "id" BIGSERIAL NOT NULL,
    "execution_id" TEXT NOT NULL,
    "look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_look_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "webhook_look_look_at_idx" ON "webhook_look"("look_at");
CREATE TABLE "webhook_progress" (
    "execution_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,

    CONSTRAINT "webhook_progress_pkey" PRIMARY KEY ("execution_id")
);

CREATE OR REPLACE FUNCTION note_for_webhooks() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM webhook w WHERE w.organization_id = NEW.organization_id AND w.enabled) THEN
    INSERT INTO webhook_look (execution_id) VALUES (NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER execution_changed_for_webhooks AFTER UPDATE ON "execution" FOR EACH ROW
  WHEN (NEW.started_at IS NOT NULL AND (OLD.status IS DISTINCT FROM NEW.status OR OLD.started_at IS NULL))
  EXECUTE FUNCTION note_for_webhooks();
CREATE TRIGGER execution_recorded_for_webhooks AFTER INSERT ON "execution" FOR EACH ROW
  WHEN (NEW.started_at IS NOT NULL) EXECUTE FUNCTION note_for_webhooks();
