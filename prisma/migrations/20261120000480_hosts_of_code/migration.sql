-- Hosts that code in flows may call; none unless somebody allows them.
ALTER TABLE "organization" ADD COLUMN "code_hosts" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
