-- APIs that an organization has registered, and what each can do.
CREATE TABLE "tool" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "description" TEXT,
  "base_url" TEXT NOT NULL,
  "auth" JSONB NOT NULL DEFAULT '{"type":"none"}',
  "icon" TEXT,
  "allowed_hosts" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "source" TEXT NOT NULL DEFAULT 'manual',
  "created_by_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "tool_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "tool_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "tool_organization_id_key_key" ON "tool"("organization_id", "key");

CREATE TABLE "action" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "tool_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "description" TEXT,
  "group" TEXT,
  "method" TEXT NOT NULL,
  "endpoint" TEXT NOT NULL,
  "effect" TEXT NOT NULL,
  "deprecated" BOOLEAN NOT NULL DEFAULT false,
  "definition" JSONB NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "position" INTEGER NOT NULL DEFAULT 0,
  "created_by_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "action_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "action_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "action_tool_id_fkey" FOREIGN KEY ("tool_id") REFERENCES "tool"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "action_tool_id_key_key" ON "action"("tool_id", "key");
CREATE INDEX "action_tool_id_position_id_idx" ON "action"("tool_id", "position", "id");
CREATE INDEX "action_organization_id_updated_at_id_idx" ON "action"("organization_id", "updated_at", "id");
