-- Why a receiver refused a message is mostly in its answer.
ALTER TABLE "webhook_delivery" ADD COLUMN "response_excerpt" TEXT;
