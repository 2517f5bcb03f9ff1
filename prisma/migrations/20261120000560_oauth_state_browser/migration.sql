-- The browser that began to connect an account is the only one that ends it. Null for programs, which the API key binds.
ALTER TABLE "oauth_state" ADD COLUMN "browser_hash" TEXT;
