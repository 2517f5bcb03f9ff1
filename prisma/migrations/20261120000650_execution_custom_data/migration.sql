-- What executions say of themselves, a row for each step that set something. Beside `execution`, whose rows are written by the engine.
CREATE TABLE "execution_custom_data" (
    "execution_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "position" BIGSERIAL NOT NULL,
    "changes" TEXT NOT NULL,

    CONSTRAINT "execution_custom_data_pkey" PRIMARY KEY ("execution_id", "key")
);
