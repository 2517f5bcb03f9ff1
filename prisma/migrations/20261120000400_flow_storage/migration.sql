-- What flows keep from one execution to the next.
CREATE TABLE "flow_storage" (
    "organization_id" TEXT NOT NULL,
    "flow_id" TEXT NOT NULL DEFAULT '',
    "node_id" TEXT NOT NULL DEFAULT '',
    "execution_id" TEXT NOT NULL DEFAULT '',
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "version" BIGSERIAL NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "flow_storage_pkey" PRIMARY KEY ("organization_id","flow_id","node_id","execution_id","key")
);

CREATE INDEX "flow_storage_flow_id_idx" ON "flow_storage"("flow_id");

CREATE INDEX "flow_storage_execution_id_idx" ON "flow_storage"("execution_id");

ALTER TABLE "flow_storage" ADD CONSTRAINT "flow_storage_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
