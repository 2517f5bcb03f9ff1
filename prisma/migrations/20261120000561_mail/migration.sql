-- Mails that the product itself has to send: written with what they tell of, sent afterwards, each at most once.
CREATE TABLE "mail_message" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_message_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "mail_message_user_id_key_key" ON "mail_message" ("user_id", "key");
CREATE INDEX "mail_message_organization_id_idx" ON "mail_message" ("organization_id");
CREATE INDEX "mail_message_finished_at_idx" ON "mail_message" ("finished_at");
-- What is to be sent, or was begun: nearly always nothing.
CREATE INDEX "mail_message_due_idx" ON "mail_message" ("next_at") WHERE "finished_at" IS NULL;
ALTER TABLE "mail_message" ADD CONSTRAINT "mail_message_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
