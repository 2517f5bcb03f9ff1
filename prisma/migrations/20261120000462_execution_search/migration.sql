-- Hashes of the values in what an execution was given and gave, so that it is found by them. Written some seconds after its end, by
-- nobody that an execution waits for.
CREATE TABLE "execution_search" (
    "execution_id" TEXT NOT NULL,
    "tokens" INTEGER[],

    CONSTRAINT "execution_search_pkey" PRIMARY KEY ("execution_id")
);
CREATE INDEX "execution_search_tokens_idx" ON "execution_search" USING GIN ("tokens");

-- How far it has got: instants of ends.
CREATE TABLE "execution_search_cursor" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "ended_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "execution_search_cursor_pkey" PRIMARY KEY ("id")
);

-- A few bytes for each range of pages, and nothing that a change of a row has to keep up.
CREATE INDEX "execution_finished_at_idx" ON "execution" USING BRIN ("finished_at") WITH (pages_per_range = 32, autosummarize = on);
