-- Lists walk one index range for each wanted status and mode, newest first, so that a rare combination is found as quickly as a
-- common one among millions; counts and retention read the same ranges.
DROP INDEX "execution_organization_id_created_at_idx";
DROP INDEX "execution_organization_id_status_created_at_idx";

CREATE INDEX "execution_organization_id_status_mode_created_at_idx" ON "execution"("organization_id", "status", "mode", "created_at" DESC);
CREATE INDEX "execution_flow_id_status_mode_created_at_idx" ON "execution"("flow_id", "status", "mode", "created_at" DESC);
