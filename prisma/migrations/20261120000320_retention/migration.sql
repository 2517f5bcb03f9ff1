-- How long an organization keeps things, in days; null is for ever.
ALTER TABLE "organization" ADD COLUMN "retain_succeeded_days" INTEGER DEFAULT 90,
ADD COLUMN "retain_failed_days" INTEGER DEFAULT 180,
ADD COLUMN "retain_log_days" INTEGER DEFAULT 30,
ADD COLUMN "retain_deleted_flow_days" INTEGER DEFAULT 30;
