-- What the organization's flows prove themselves with to other services. Secrets are sealed, or kept elsewhere.
CREATE TABLE "credential" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "tool_id" TEXT,
  "tool_key" TEXT,
  "provider" TEXT,
  "settings" JSONB NOT NULL DEFAULT '{}',
  "masked" JSONB NOT NULL DEFAULT '{}',
  "secret" TEXT NOT NULL,
  "allowed_hosts" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "scopes" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "owner_id" TEXT,
  "min_role" "role" NOT NULL DEFAULT 'editor',
  "flow_ids" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "status" TEXT NOT NULL DEFAULT 'active',
  "status_reason" TEXT,
  "expires_at" TIMESTAMPTZ(3),
  "token_expires_at" TIMESTAMPTZ(3),
  "version" INTEGER NOT NULL DEFAULT 1,
  "lease_id" TEXT,
  "lease_until" TIMESTAMPTZ(3),
  "last_used_at" TIMESTAMPTZ(3),
  "last_test" JSONB,
  "rotated_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "credential_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "credential_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "credential_organization_id_created_at_idx" ON "credential"("organization_id", "created_at");
CREATE INDEX "credential_organization_id_tool_id_idx" ON "credential"("organization_id", "tool_id");

-- With which client the organization asks a provider for access.
CREATE TABLE "oauth_config" (
  "id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "provider" TEXT NOT NULL,
  "client_id" TEXT NOT NULL,
  "client_secret" TEXT,
  "masked_secret" TEXT,
  "redirect_uri" TEXT,
  "scopes" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  "endpoints" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "oauth_config_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "oauth_config_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "oauth_config_organization_id_key_key" ON "oauth_config"("organization_id", "key");

-- An authorization under way. The row goes when the callback takes it: a state counts once.
CREATE TABLE "oauth_state" (
  "hash" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "config_key" TEXT NOT NULL,
  "request" JSONB NOT NULL,
  "verifier" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "oauth_state_pkey" PRIMARY KEY ("hash"),
  CONSTRAINT "oauth_state_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "oauth_state_expires_at_idx" ON "oauth_state"("expires_at");
CREATE INDEX "oauth_state_organization_id_idx" ON "oauth_state"("organization_id");
