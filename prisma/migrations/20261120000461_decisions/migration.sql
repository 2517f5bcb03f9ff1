-- Attempts of writes that cannot be repeated: noted before they begin, so that one whose end nobody saw is told from one that never
-- began. A person then decides what became of it.
CREATE TABLE "execution_decision" (
    "execution_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "organization_id" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "asked" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "output" TEXT,
    "decided_by" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "execution_decision_pkey" PRIMARY KEY ("execution_id", "key", "attempt")
);
CREATE INDEX "execution_decision_asked_idx" ON "execution_decision" ("organization_id", "execution_id") WHERE "state" = 'asked';
