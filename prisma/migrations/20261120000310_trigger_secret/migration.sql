-- What callers of a webhook prove themselves with, sealed with the installation's key. Beside the registration, not in the graph:
-- graphs are read by viewers, exported and copied.
ALTER TABLE "trigger" ADD COLUMN "secret" TEXT;
